"""Compile the words by which names and texts identify an issuer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.core.names import ROLE_WORDS, find_role, split_words, squeeze_name
from keylint.core.terms import PartKind
from keylint.matcher.patterns import NAME
from keylint.rules.file_types import Dossier

# Words beside which a common word is the name of an exchange: `aster_api`, `Lighter account`.
_NEIGHBOURS = (
    'api',
    'exchange',
    'dex',
    'account',
    'main',
    'key',
    'keys',
    'secret',
    'secrets',
    'config',
    'creds',
    'credentials',
    'client',
    'bot',
)
# The number of an argument: `sign_transaction[1]`.
_ARGUMENT = re.compile(r'\[\d\]\Z')
# Shorter words and texts occur in too many files about something else.
_MIN_WORD_CHARS, _MIN_TEXT_CHARS = 3, 4


def map_aliases(dossiers: list[Dossier]) -> dict[str, list[str]]:
    """Map the aliases of issuers (squeeze_name) to the issuers."""
    table: dict[str, list[str]] = {}
    for dossier in dossiers:
        for alias in sorted({squeeze_name(alias) for alias in dossier['aliases']}):
            table.setdefault(alias, []).append(dossier['id'])
    return table


def map_titles(dossiers: list[Dossier]) -> dict[str, list[str]]:
    """Map what issuers are called (squeeze_name) to the issuers: names and ids, common words too.

    Only what differs from the table of aliases.
    """
    aliases = map_aliases(dossiers)
    titles = {alias: list(issuers) for alias, issuers in aliases.items()}
    for dossier in dossiers:
        name = dossier['name'].split(' (')[0]
        words = (dossier['id'], name, name.split('.')[0])
        for title in dict.fromkeys(map(squeeze_name, words)):
            if dossier['id'] not in titles.setdefault(title, []):
                titles[title].append(dossier['id'])
    return {title: issuers for title, issuers in titles.items() if aliases.get(title) != issuers}


def map_own_names(dossiers: list[Dossier]) -> dict[str, list[str]]:
    """Map the part names that belong to one issuer (squeeze_name) to the issuers.

    These are the literals that only one issuer uses (`X-MBX-APIKEY`), and names that begin with a
    prefix of the issuer (`HL_PRIVATE_KEY`). All other names of parts are common words.
    """
    table: dict[str, list[str]] = {}
    for dossier in dossiers:
        literals = (dossier.get('context') or {}).get('strings') or []
        prefixes = dossier.get('prefixes') or []
        for name in sorted({name for _, _, name in _list_part_names([dossier])}):
            if not set(split_words(name)) - ROLE_WORDS:
                continue
            issuers = table.setdefault(squeeze_name(name), [])
            is_own = name in literals or split_words(name)[:1] in [(prefix,) for prefix in prefixes]
            if is_own and dossier['id'] not in issuers:
                issuers.append(dossier['id'])
    return {name: issuers for name, issuers in table.items() if issuers}


def map_names(dossiers: list[Dossier]) -> dict[str, list[tuple[str, PartKind]]]:
    """Map names of parts (squeeze_name) to pairs of issuer and kind of part."""
    table: dict[str, list[tuple[str, PartKind]]] = {}
    for issuer, role, name in _list_part_names(dossiers):
        if find_role(name) and not set(split_words(name)) - ROLE_WORDS:
            continue  # a common name does not identify an issuer
        pairs = table.setdefault(squeeze_name(name), [])
        if (issuer, role) not in pairs:
            pairs.append((issuer, role))
    return table


def list_unusual_names(dossiers: list[Dossier]) -> list[str]:
    """List the names of parts that contain none of the words that the matcher looks for."""
    telling = re.compile(NAME.decode(), re.IGNORECASE)
    names = {name for _, _, name in _list_part_names(dossiers) if not _ARGUMENT.search(name)}
    return sorted(name for name in names if not telling.search(name))


def list_key_calls(dossiers: list[Dossier]) -> list[str]:
    """List the calls that take a part of a credential at a known position."""
    found = {_ARGUMENT.sub('', name) for _, _, name in _list_part_names(dossiers)}
    return sorted(found - {name for _, _, name in _list_part_names(dossiers)})


def _list_part_names(dossiers: list[Dossier]) -> Iterator[tuple[str, PartKind, str]]:
    """Yield issuer, kind of part and name for every name in the dossiers."""
    for dossier in dossiers:
        for entry in dossier['credentials']:
            for name in entry.get('names', []):
                yield dossier['id'], entry['role'], name


def list_pair_words(dossiers: list[Dossier]) -> list[str]:
    """List the words beside which unnamed values count: those of exchanges."""
    return sorted(
        {
            word
            for dossier in dossiers
            if 'api-key' in (roles := {entry['role'] for entry in dossier['credentials']})
            and roles & {'secret', 'private-key'}
            for word in (*dossier['aliases'], *_list_titles(dossier))
        }
    )


def _list_titles(dossier: Dossier) -> Iterator[str]:
    """Yield the name of an issuer in lower case, and the same without its last word."""
    title = dossier['name'].split(' (')[0].lower()
    yield title
    if title.endswith(' exchange'):
        yield title.removesuffix(' exchange')


def _spell_title(dossier: Dossier) -> Iterator[str]:
    """Yield the spellings of a name of several words, and of a common word with a neighbour."""
    words = re.findall('[a-z0-9]+', dossier['name'].split(' (')[0].lower())
    if len(words) > 1:
        for joint in ' _-.':
            yield joint.join(words)
    elif words[0] not in dossier['aliases']:
        for neighbour in _NEIGHBOURS:
            for joint in ('', ' ', '_', '-'):
                yield words[0] + joint + neighbour


def list_words(dossiers: list[Dossier]) -> list[tuple[str, bool, str]]:
    """List the texts that identify an issuer: text, whether it must be a whole word, issuer."""
    rows: set[tuple[str, bool, str]] = set()
    for dossier in dossiers:
        context = dossier.get('context') or {}
        words = [*dossier['aliases'], *context.get('imports', [])]
        texts = [*context.get('hosts', []), *context.get('strings', [])]
        rows |= {
            (word.lower(), True, dossier['id']) for word in words if len(word) >= _MIN_WORD_CHARS
        }
        rows |= {
            (text.lower(), False, dossier['id']) for text in texts if len(text) >= _MIN_TEXT_CHARS
        }
        rows |= {(text, True, dossier['id']) for text in _spell_title(dossier)}
        for marks in (dossier.get('environments') or {}).values():
            rows |= {(host.lower(), False, dossier['id']) for host in marks.get('hosts', [])}
    return sorted(rows)
