"""Dossiers to the plain tables that detection reads, and the patterns of the gate. Runs once for each state of the rules."""

from __future__ import annotations

import itertools
import re
from typing import Any

from keylint.core.names import ROLE_WORDS, find_role, split_words, squeeze_name
from keylint.matcher.encoded_patterns import EXPRESSIONS, make_encoded_patterns
from keylint.matcher.patterns import (
    DECLARATION_PATTERNS,
    NAME,
    NAME_PATTERNS,
    make_any_name_pattern,
    make_rule_name_patterns,
)
from keylint.rules.digest import digest
from keylint.rules.plugins import plugin_patterns
from keylint.rules.rule_set import request_paths
from keylint.validators.phrases import PHRASE_CHECKS
from keylint.validators.placeholders import build_patterns

_WIDEST = 10_000
_LARGE = 64
_COMMON_KEYS = frozenset(
    'label name type id passphrase access_token access_key client_id apiVersion status note accountName'.split()
)
# What a dossier says to its readers alone: where a fact is known from.
_PROVENANCE = frozenset(('confidence', 'source', 'sources', 'note', 'required_for'))
_LONGEST_BODY = 7000  # an RSA key of 8192 bits in PEM has some 6,400 characters
_PHRASE = 600  # a recovery phrase may be broken over lines, and its stretch must be seen whole
# What wakes all checks of phrases: words in a row, in a list, or with their numbers, as wallets show them.
_ROW_OF_WORDS = (
    rb'[a-z]{3,12}(?:[ \t]+[a-z]{3,12}){11}|["\'][a-z]{3,12}(?:["\'][ \t]{0,4},[ \t\r\n]{0,40}["\'][a-z]{3,12}){11}|'
    + rb'[ \t\r\n]{1,8}'.join(b'%d[.):]?[ \t]{1,4}[a-z]{3,12}' % number for number in range(1, 13))
)
_OTHER_PHRASES = frozenset(PHRASE_CHECKS) - {'bip39'}
# Bytes of a token's beginning that the gate looks for in encodings, and beginnings that are no token's own.
_SHORTEST_HEAD, _LONGEST_HEAD = 4, 8
_ANYWHERE = (b'http', b'main', b'preprod', b'organizations', b'eyJ')
_LARGE_RANGE = re.compile(rb'\{(\d+),(\d*)\}')


def compile_patterns(dossiers: list[dict[str, Any]]) -> dict[str, Any]:
    """List the patterns of the database, and the tables that their rows refer to.

    A part of the pack that is known first, because Hyperscan takes longest. `matcher.patterns.list_patterns` knows the same order.
    """
    tokens, patterns = _token_patterns(dossiers)
    plugins = plugin_patterns()
    return {
        'tokens': tokens,
        'plugins': [name for name, _ in plugins],
        'patterns': [
            *(pattern for _, pattern in NAME_PATTERNS),
            *make_encoded_patterns(_heads(tokens)),
            EXPRESSIONS,
            *make_rule_name_patterns(_unusual_names(dossiers)),
            *patterns,
            *(pattern for _, pattern in plugins),
            *(pattern for _, pattern in DECLARATION_PATTERNS),
            make_any_name_pattern(_marking_keys(dossiers), rb'["\'`]?[ \t]{0,8}(?:[:=]|=>)'),
            _calls(dossiers),
        ],
    }


def compile_pack(
    dossiers: list[dict[str, Any]], shared: dict[str, Any], patterns: dict[str, Any]
) -> dict[str, Any]:
    """Plain data (dicts, lists, strings, bytes, numbers): it is marshalled into the cache. `patterns` comes from `compile_patterns`."""
    return {
        **patterns,
        'rules': {
            dossier['id']: _rule(dossier, shared['kinds'][dossier['kind']]) for dossier in dossiers
        },
        'declared': {dossier['id']: _declared(dossier) for dossier in dossiers},
        'aliases': _aliases(dossiers),
        'names': _names(dossiers),
        'words': _words(dossiers),
        'published': sorted(_published(dossiers)),
        'known': sorted(_known(shared['known'])),
        'placeholders': build_patterns(shared['placeholders']),
        'phrases': _phrases(dossiers),
        'policies': _policies(shared['policies']),
        'libraries': shared['libraries']['libraries'],
    }


def _rule(dossier: dict[str, Any], kind: dict[str, Any]) -> dict[str, Any]:
    """What detection and reporters need of a dossier; texts are filled in here, once."""
    page = dossier['help']
    fill = {
        'name': dossier['name'],
        'manage': page.get('manage') or f'the key page of {dossier["name"]}',
    }
    return {
        'name': dossier['name'],
        'kind': dossier['kind'],
        'status': dossier.get('status', 'live'),
        'credentials': [_credential(entry) for entry in dossier['credentials']],
        'roles': sorted({entry['role'] for entry in dossier['credentials']}),
        'environments': dossier.get('environments') or {},
        'why': _filled(kind['why'], fill),
        'do': [_filled(step, fill) for step in kind['do']],
        'severity': kind['severity'],
        'manage': page.get('manage'),
        'revoke': page['revoke'],
    }


def _declared(dossier: dict[str, Any]) -> dict[str, Any]:
    """What declarations are read by: the vendor's words with their levels, the IP restriction, documents, calls."""
    rights = [
        (e['word'], _as_list(e['level']), e.get('ui'), e.get('says'))
        for e in dossier.get('permissions') or []
    ]
    return {
        'name': dossier['name'],
        'permissions': rights,
        'ip': _without(dossier.get('ip'), _PROVENANCE),
        'documents': [_document(document) for document in dossier.get('documents') or []],
        'calls': dossier.get('creates_keys') or [],
    }


def _document(document: dict[str, Any]) -> dict[str, Any]:
    """Return what reading a document needs, its endpoints in one text."""
    made: dict[str, Any] = _without(document, _PROVENANCE)
    if isinstance(made.get('endpoint'), list):
        made['endpoint'] = ' ; '.join(made['endpoint'])
    return made


def _without(table: dict[str, Any] | None, keys: frozenset[str]) -> Any:
    """Return a copy without these keys; None for None."""
    return None if table is None else {key: table[key] for key in table if key not in keys}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _marking_keys(dossiers: list[dict[str, Any]]) -> list[str]:
    """The longest key of every vendor's document in which the general vocabulary would see none."""
    seen = re.compile(dict(DECLARATION_PATTERNS)['document-key'])
    documents = [
        document['keys']
        for dossier in dossiers
        for document in dossier.get('documents') or []
        if document['keys']
    ]
    unseen = [
        keys for keys in documents if not any(seen.search(f'{key}:'.encode()) for key in keys)
    ]
    return sorted(
        {max(keys, key=lambda key: (key not in _COMMON_KEYS, len(key))) for keys in unseen}
    )


def _calls(dossiers: list[dict[str, Any]]) -> bytes:
    """Calls of methods, and paths of requests, that create or edit keys."""
    names = {entry['call'] for dossier in dossiers for entry in dossier.get('creates_keys') or []}
    paths = {
        path
        for dossier in dossiers
        for document in dossier.get('documents') or []
        for path in request_paths(_document(document))
    }
    return (
        make_any_name_pattern(sorted(names), rb'[ \t]{0,4}\(')
        + b'|'
        + make_any_name_pattern(sorted(paths), b'').removeprefix(b'(?i)')
    )


def _policies(document: dict[str, Any]) -> dict[str, Any]:
    """Thresholds, addresses of third parties, and for every policy its texts and severities."""
    table = {
        entry['id']: {
            'title': entry['title'],
            'severity': entry['severity'],
            'why': ' '.join(entry['why'].split()),
            'do': entry['do'],
        }
        for entry in document['policies']
    }
    return {
        'thresholds': document['thresholds'],
        'third-party-addresses': document['third-party-addresses'],
        'policies': table,
    }


def _filled(text: str, fill: dict[str, str]) -> str:
    for name, value in fill.items():
        text = text.replace('{' + name + '}', value)
    return ' '.join(text.split())


def _credential(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        'role': entry['role'],
        'shape': entry['shape'].encode(),
        'confidence': entry['confidence'],
        'check': entry.get('check'),
        'environment': entry.get('environment'),
    }


def _aliases(dossiers: list[dict[str, Any]]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for dossier in dossiers:
        for alias in {squeeze_name(alias) for alias in dossier['aliases']}:
            table.setdefault(alias, []).append(dossier['id'])
    return table


def _names(dossiers: list[dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for dossier in dossiers:
        for entry in dossier['credentials']:
            for name in entry.get('names', []):
                if find_role(name) and not set(split_words(name)) - ROLE_WORDS:
                    continue  # a name that everybody uses says nothing of whose it is
                pair = (dossier['id'], entry['role'])
                if pair not in table.setdefault(squeeze_name(name), []):
                    table[squeeze_name(name)].append(pair)
    return table


def _unusual_names(dossiers: list[dict[str, Any]]) -> list[str]:
    """Names of parts that hold none of the telling words which the gate looks for."""
    telling = re.compile(NAME.decode(), re.IGNORECASE)
    names = {
        name
        for dossier in dossiers
        for entry in dossier['credentials']
        for name in entry.get('names', [])
    }
    return sorted(name for name in names if not telling.search(name))


def _words(dossiers: list[dict[str, Any]]) -> list[tuple[str, bool, str]]:
    """Literals that betray an issuer: the text, whether it stands as a whole word, the issuer."""
    words: set[tuple[str, bool, str]] = set()
    for dossier in dossiers:
        context = dossier.get('context') or {}
        words |= {
            (alias.lower(), True, dossier['id']) for alias in dossier['aliases'] if len(alias) > 2
        }
        words |= {
            (module.lower(), True, dossier['id'])
            for module in context.get('imports', [])
            if len(module) > 2
        }
        words |= {
            (text.lower(), False, dossier['id'])
            for key in ('hosts', 'strings')
            for text in context.get(key, [])
            if len(text) > 3
        }
        for part in (dossier.get('environments') or {}).values():
            words |= {(host.lower(), False, dossier['id']) for host in part.get('hosts', [])}
    return sorted(words)


def _token_patterns(dossiers: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[bytes]]:
    """The parts that fire without a name, and their patterns in the gate, in the same order; of the phrases only one, which comes first."""
    entries = [
        (dossier, entry)
        for dossier in dossiers
        for entry in dossier['credentials']
        if entry.get('alone')
    ]
    entries.sort(key=lambda pair: pair[1].get('check') != 'bip39')
    tokens = [
        _token(dossier, entry)
        for dossier, entry in entries
        if entry.get('check') not in _OTHER_PHRASES
    ]
    return tokens, [
        _ROW_OF_WORDS if row['check'] == 'bip39' else _gate_form(row['pattern']) for row in tokens
    ]


def _phrases(dossiers: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rows of recovery phrases by their checks: one pattern of the gate wakes them all."""
    return {
        entry['check']: _token(dossier, entry)
        for dossier in dossiers
        for entry in dossier['credentials']
        if entry.get('alone') and entry.get('check') in PHRASE_CHECKS
    }


def _token(dossier: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    pattern = _bounded((entry.get('within') or entry['shape']).encode())
    return {
        'rule': dossier['id'],
        'role': entry['role'],
        'pattern': pattern,
        'group': 1 if 'within' in entry else 0,
        'check': entry.get('check'),
        'environment': entry.get('environment'),
        'kind': dossier['kind'],
        'width': _PHRASE if entry.get('check') in PHRASE_CHECKS else _width(pattern),
    }


def _heads(tokens: list[dict[str, Any]]) -> list[bytes]:
    """The literal beginnings of tokens, where they have one that is long enough to be known in an encoding."""
    parsed = [re._parser.parse(row['pattern'].decode('latin-1')) for row in tokens]  # type: ignore[attr-defined]  # not in the stubs
    heads = (
        bytes(
            part[1] for part in itertools.takewhile(lambda part: str(part[0]) == 'LITERAL', parts)
        )
        for parts in parsed
    )
    return sorted(
        {
            head[:_LONGEST_HEAD]
            for head in heads
            if len(head) >= _SHORTEST_HEAD and not head.startswith(_ANYWHERE)
        }
    )


def _bounded(pattern: bytes) -> bytes:
    """The pattern with an end to what may be anything: ten thousand BEGIN lines must not each look for an END in all that follows."""
    return re.sub(rb'\[\\s\\S\]\+\??', rb'[\\s\\S]{1,%d}?' % _LONGEST_BODY, pattern)


def _width(pattern: bytes) -> int:
    """The most bytes that a match can have, cut where the pattern has no bound."""
    return min(_WIDEST, re._parser.parse(pattern.decode()).getwidth()[1])  # type: ignore[attr-defined,no-any-return]  # not in the stubs


def _gate_form(pattern: bytes) -> bytes:
    """What the gate looks for: never less than the pattern, but without its large counts, which are dear to compile.

    A part that may run over a whole file (`[\\s\\S]`) is cut off with all that follows.
    """
    return _LARGE_RANGE.sub(_open_range, pattern.split(rb'[\s\S]', 1)[0])


def _open_range(match: re.Match[bytes]) -> bytes:
    least = min(int(match.group(1)), _LARGE)
    return (
        b'{%d,}' % least
        if (match.group(2) and int(match.group(2)) > _LARGE) or int(match.group(1)) > _LARGE
        else match.group()
    )


def _published(dossiers: list[dict[str, Any]]) -> set[bytes]:
    return {
        value.encode()
        for dossier in dossiers
        for entry in dossier['credentials']
        for value in entry.get('published', [])
    }


def _known(known: Any) -> set[str]:
    """SHA-256 (hex) of every value that is public without being a vendor's sample: development keys, test vectors."""
    digests: set[str] = set()
    for item in _leaves(known):
        value = item.get('value') or item.get('key') or item.get('phrase')
        if isinstance(value, str):
            digests.add(digest(value.encode()))
        if isinstance(item.get('sha256'), str):
            digests.add(item['sha256'])
    return digests


def _leaves(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, dict):
        if any(key in tree for key in ('value', 'key', 'phrase', 'sha256')):
            return [tree]
        return [leaf for branch in tree.values() for leaf in _leaves(branch)]
    if isinstance(tree, list):
        return [leaf for branch in tree for leaf in _leaves(branch)]
    return []
