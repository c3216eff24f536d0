"""The form of a key inventory.

What may stand in it, what each field says, and what a file of it gets wrong.

Names are held to the letter here: a slip of the pen (`ip_allow_list`) would otherwise leave a key
unjudged and look like approval.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from itertools import islice

from keylint.core.errors import suggest_word
from keylint.core.lazy_patterns import defer_regex
from keylint.core.library_errors import describe_library_error
from keylint.core.names import find_role, squeeze_name
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, ScanWarning
from keylint.core.safe_yaml import TooDeepError
from keylint.core.spans import Lines
from keylint.core.terms import PERMISSIONS
from keylint.declarations.entry_facts import FACTS
from keylint.declarations.issuers import issuer_called
from keylint.declarations.vocabulary import flag_of, is_container, is_denial, is_ip_list
from keylint.readers.document import Document
from keylint.readers.formats import FORMATS, Format
from keylint.readers.tree import Node
from keylint.readers.trees import read_trees
from keylint.rules.rule_set import RuleSet
from keylint.validators.plain_words import is_plain_name

# What messages of the YAML parser quote of the text.
_QUOTED = defer_regex(r"'[^']*'|\"[^\"]*\"")


class InventoryField(NamedTuple):
    """One key of an entry.

    The form of its value (`text`, `texts`, `switch or text`), what it says, and a value as it may
    stand there.
    """

    form: str
    says: str
    example: str


FIELDS = {
    'exchange': InventoryField('text', 'the exchange, by its id in keylint or in ccxt', 'kraken'),
    'label': InventoryField(
        'text', 'the name of the key on the page of the exchange', 'grid-bot-fra1'
    ),
    'account': InventoryField('text', 'the account or sub-account that the key belongs to', 'main'),
    'purpose': InventoryField(
        'text',
        'what the key is for: portfolio-tracker, tax, market-data, trading-bot, arbitrage, '
        'treasury',
        'trading-bot',
    ),
    'environment': InventoryField('text', 'live or testnet', 'live'),
    'permissions': InventoryField(
        'texts',
        f"what the key may do: {', '.join(PERMISSIONS)}, or the words of the exchange's own page",
        '[read, trade]',
    ),
    'forbidden_permissions': InventoryField(
        'texts', 'what the key must never do, whatever the code calls', '[withdraw, transfer]'
    ),
    'ip_allowlist': InventoryField(
        'texts',
        'the addresses from which the exchange accepts the key; [] means: from anywhere',
        '[52.54.32.109]',
    ),
    'created': InventoryField('text', 'the day on which the key was made', '2026-01-31'),
    'rotate_after': InventoryField('text', 'how long the key may live', '90d'),
    'expires': InventoryField('text', 'the day on which the exchange ends the key', '2026-07-31'),
    'used_by': InventoryField('texts', 'the apps or paths that use the key', '[bot.py]'),
    'secret_ref': InventoryField(
        'text',
        'where the secret is kept: an environment variable or a path in a secret manager, '
        'never the value',
        'env:KRAKEN_SECRET',
    ),
    'status': InventoryField(
        'text',
        'active, retired (nothing uses it any more) or revoked (deleted at the exchange)',
        'active',
    ),
    'two_factor': InventoryField(
        'switch or text',
        'the second factor of the account: hardware, app, sms; false for none',
        'app',
    ),
}
# Only an inventory has these: a list of exchanges with keys and secrets is somebody's
# configuration.
_DISTINCT = frozenset(
    """permissions forbiddenpermissions ipallowlist purpose secretref rotateafter usedby
    twofactor""".split()
)
_TOP = ('keys', '$schema', 'version')
_LOOKS = defer_regex(rb'(?m)^[ \t]*\[\[[ \t]*keys[ \t]*\]\]|(?:^|[\s{,])["\']?keys["\']?[ \t]*[:=]')
_ALIASES = {word: fact for fact, words in FACTS.items() for word in words.split()}
_MAX_MISTAKES = 50
_MAX_NAME_CHARS = 60


def find_mistakes(
    document: Document, is_named: bool, pack: RuleSet
) -> tuple[tuple[Failure, ...], tuple[ScanWarning, ...]]:
    """Find what is wrong with the form of an inventory, and exchanges in it that nobody knows.

    A file that the configuration names (`is_named`) is held to the form, others only when they look
    like one.
    """
    path, text, is_text = document.path, document.data, document.is_text
    if not is_named and not (is_text and b'xchange' in text and _LOOKS.search(text)):
        return (), ()
    form = document.format if document.format.is_inventory else FORMATS['yaml']
    broken = _broken(document, form)
    if broken:
        return (Failure(path, 'inventory', broken),), ()
    try:
        documents = list(_list_documents(read_trees(document, form), form))
    except ValueError as error:
        return ((Failure(path, 'inventory', str(error)),) if is_named else ()), ()
    if not is_named and not any(_is_ours(document) for document in documents):
        return (), ()
    lines = Lines(text)
    found = list(
        islice(
            (mistake for one in documents for mistake in _find_complaints(one, path, lines)),
            _MAX_MISTAKES + 1,
        )
    )
    if not any(_has_list(document) for document in documents):
        found = ["no list called 'keys': an inventory is a list of keys, each with its exchange"]
    if len(found) > _MAX_MISTAKES:
        found[_MAX_MISTAKES:] = [f'more mistakes: these are the first {_MAX_MISTAKES}']
    warnings = [
        warning
        for document in documents
        for warning in _warn_of_unknown_exchanges(document, path, lines, pack)
    ]
    return tuple(Failure(path, 'inventory', mistake) for mistake in found), tuple(warnings)


def list_inventory_entries(document: Document, is_named: bool) -> list[Node]:
    """List the entries of an inventory that name an exchange.

    None of a file that is none, unless the configuration names it (`is_named`).
    """
    form = document.format if document.format.is_inventory else FORMATS['yaml']
    if not document.is_text or b'xchange' not in document.data:
        return []
    try:
        documents = list(_list_documents(read_trees(document, form), form))
    except ValueError:
        return []
    return [
        entry
        for one in documents
        if is_named or _is_ours(one)
        for entry in _list_entries(one)
        if _names_exchange(entry)
    ]


def _broken(document: Document, form: Format) -> str | None:
    """Why the text cannot be read at all. JSON may have comments: its reader takes what it can."""
    if form.tree == 'yaml':
        error = document.yaml.find_error()
        if error is None or isinstance(error, TooDeepError):
            return None  # what is too deep is YAML, and whoever reads it says how far
        mark = getattr(error, 'problem_mark', None)
        line = f' (line {mark.line + 1})' if mark else ''
        problem = getattr(error, 'problem', None) or 'it cannot be read'
        return f'not YAML{line}: {_QUOTED.sub("…", problem)}'
    if form.ending == 'toml':
        try:
            tomllib.loads(document.data.decode('utf-8', 'replace'))
        except (tomllib.TOMLDecodeError, RecursionError) as mistake:
            return f'not TOML: {describe_library_error(mistake)}'
    return None


def _list_documents(trees: Iterable[Node], form: Format) -> Iterator[Node]:
    """Yield the mappings at the top; YAML's reader numbers its documents."""
    for tree in trees:
        yield from (tree.items if form.tree == 'yaml' else [tree])


def _list_entries(document: Node) -> list[Node]:
    keys = document.entries.get('keys')
    return (
        [entry for entry in keys.items if entry.entries and not entry.is_list]
        if keys is not None and keys.is_list
        else []
    )


def _has_list(document: Node) -> bool:
    keys = document.entries.get('keys')
    return keys is not None and (keys.is_list or keys.is_empty)


def _names_exchange(entry: Node) -> bool:
    return any(squeeze_name(key) == 'exchange' for key in entry.entries)


def _is_ours(document: Node) -> bool:
    """Tell whether a document lists exchanges with what only an inventory says of them."""
    entries = _list_entries(document)
    return any(_names_exchange(entry) for entry in entries) and any(
        squeeze_name(key) in _DISTINCT for entry in entries for key in entry.entries
    )


def _find_complaints(document: Node, path: str, lines: Lines) -> Iterator[str]:
    for item in document.items:
        if item.key not in _TOP and not item.key.startswith('x-'):
            yield _complain_about_key(item, list(_TOP), path, lines)
    keys = document.entries.get('keys')
    listed = keys.items if keys is not None and keys.is_list else []
    for entry in listed:
        if not entry.entries or entry.is_list:
            where = f'{path}:{lines.line_of(entry.start)}'
            yield f"no mapping in the list of keys in {where}; write '- exchange: NAME'"
    for entry in _list_entries(document):
        for item in entry.items:
            if not is_known(item.key):
                yield _complain_about_key(item, list(FIELDS), path, lines)
        if not _names_exchange(entry):
            where = f'{path}:{lines.line_of(entry.start)}'
            yield f"no 'exchange' for the key in {where}; write the exchange's name, such as kraken"


def is_known(name: str) -> bool:
    """Tell whether an entry may have this key.

    Ours, a switch of a right (`can_withdraw`), or a credential, which the policies judge.
    """
    if name in FIELDS or name == '<<' or name.startswith('x-'):
        return True
    if len(name) > _MAX_NAME_CHARS or squeeze_name(name) in _ALIASES:
        return False
    return (
        flag_of(name) is not None
        or find_role(name) is not None
        or (is_denial(name) and is_container(name))
    )


def _complain_about_key(item: Node, known: list[str], path: str, lines: Lines) -> str:
    start = lines.data.rfind(item.key.encode(), 0, item.start)
    line = lines.line_of(start if start >= 0 else item.start)
    shown = _show_name(item.key)
    return f"unknown key '{shown}' in {path}:{line}{_suggest_key(item.key, known)}"


def _show_name(name: str) -> str:
    """Return a name as a message may quote it: what is no plain name may be a value."""
    words = name[:_MAX_NAME_CHARS].split()
    return name if len(name) <= _MAX_NAME_CHARS and all(map(is_plain_name, words)) else '…'


def _suggest_key(name: str, known: list[str]) -> str:
    """Suggest a known key.

    Other spellings first, then other words for the same, then what looks alike.
    """
    plain = squeeze_name(name[:_MAX_NAME_CHARS])
    same = next((own for own in known if squeeze_name(own) == plain), None) or (
        _ALIASES.get(plain) if 'exchange' in known else None
    )
    if same is None and 'exchange' in known:
        if is_ip_list(name[:_MAX_NAME_CHARS]):
            same = 'ip_allowlist'
        elif is_container(name[:_MAX_NAME_CHARS]):
            same = 'permissions'
    return (
        f"; did you mean '{same}'?"
        if same
        else suggest_word(name[:_MAX_NAME_CHARS], known) or f'; allowed: {", ".join(known)}'
    )


def _warn_of_unknown_exchanges(
    document: Node, path: str, lines: Lines, pack: RuleSet
) -> Iterator[ScanWarning]:
    """Warn of exchanges without a rule: what such a key may do is judged by plain words only."""
    for entry in _list_entries(document)[:_MAX_MISTAKES]:
        name = entry.entries.get('exchange')
        if name is not None and name.value and issuer_called(name.value, pack) is None:
            shown = _show_name(name.value)
            meant = suggest_word(name.value[:_MAX_NAME_CHARS].lower(), list(pack.rules))
            message = f"keylint knows no exchange '{shown}'{meant}"
            yield ScanWarning(path, lines.line_of(name.start), message)
