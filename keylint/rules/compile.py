"""Compile dossiers into the plain tables of a run, and the patterns of the matcher.

Runs once for each state of the rule files.
"""

from __future__ import annotations

import re

from keylint.core.model import TokenPattern
from keylint.core.names import squeeze_name
from keylint.core.records import NamedTuple
from keylint.core.terms import KINDS_WITHOUT_ISSUER
from keylint.matcher.encoded_patterns import EXPRESSIONS, make_encoded_patterns
from keylint.matcher.patterns import (
    CALL_ARGUMENTS,
    DECLARATION_PATTERNS,
    NAME_PATTERNS,
    make_any_name_pattern,
    make_issuer_pattern,
    make_rule_name_patterns,
)
from keylint.rules.ask_types import KeyQuestion
from keylint.rules.compile_names import (
    list_key_calls,
    list_pair_words,
    list_unusual_names,
    list_words,
    map_aliases,
    map_names,
    map_own_names,
    map_titles,
)
from keylint.rules.compile_rules import (
    compile_document,
    compile_libraries,
    compile_policies,
    compile_rule,
    make_lazy_row,
    make_row,
)
from keylint.rules.compile_tokens import compile_phrases, compile_tokens, list_token_heads
from keylint.rules.digest import digest_value
from keylint.rules.file_types import AskTable, Dossier, SetupTextsFile, SharedFiles
from keylint.rules.plugins import PluginPattern, list_plugin_patterns
from keylint.rules.types import CompiledTables, Row
from keylint.validators.placeholders import build_patterns

# Keys that occur in many documents: any other key of a vendor's document identifies it better.
_COMMON_KEYS = frozenset(
    (
        'label',
        'name',
        'type',
        'id',
        'passphrase',
        'access_token',
        'access_key',
        'client_id',
        'apiVersion',
        'status',
        'note',
        'accountName',
    )
)


class MatcherTables(NamedTuple):
    """The patterns of the matcher, and the rows that they refer to by their numbers."""

    tokens: list[TokenPattern]
    plugins: list[PluginPattern]
    patterns: list[bytes]


def compile_matcher_tables(dossiers: list[Dossier], texts: SetupTextsFile) -> MatcherTables:
    """List the patterns of the matcher, and the rows that they refer to.

    This comes before all other tables, because Hyperscan takes longest.
    `matcher.patterns.list_patterns` knows the same order.
    """
    tokens, patterns = compile_tokens(dossiers)
    plugins = list_plugin_patterns()
    return MatcherTables(
        tokens=tokens,
        plugins=plugins,
        patterns=[
            *(pattern for _, pattern in NAME_PATTERNS),
            *make_encoded_patterns(list_token_heads(tokens)),
            EXPRESSIONS,
            *make_rule_name_patterns(list_unusual_names(dossiers)),
            make_issuer_pattern(list_pair_words(dossiers)),
            make_any_name_pattern(list_key_calls(dossiers), CALL_ARGUMENTS),
            *patterns,
            *(plugin.to_matcher() for plugin in plugins),
            _compile_sentences(texts),
            *(pattern for _, pattern in DECLARATION_PATTERNS),
            make_any_name_pattern(_list_marking_keys(dossiers), rb'["\'`]?[ \t]{0,8}(?:[:=]|=>)'),
            _compile_key_calls(dossiers),
        ],
    )


def _compile_sentences(texts: SetupTextsFile) -> bytes:
    """Compile the pattern for lines of set-up texts that may ask for too much."""
    gates = [gate for language in texts['languages'] for gate in language['gate']]
    return b'(?i)(?:' + '|'.join(gates).encode() + b')'


def _list_setup_texts(texts: SetupTextsFile) -> list[tuple[tuple[str, tuple[str, ...]], ...]]:
    """List the forms of each language as plain tuples: name and regular expressions."""
    return [
        tuple(
            (name, tuple(value) if isinstance(value, list) else (str(value),))
            for name, value in language.items()
            if name != 'gate'
        )
        for language in texts['languages']
    ]


def compile_tables(
    dossiers: list[Dossier], shared: SharedFiles, matcher: MatcherTables
) -> CompiledTables:
    """Compile all tables of the rules. `matcher` comes from `compile_matcher_tables`."""
    other = shared['other_issuers']
    return CompiledTables(
        tokens=[make_row(token) for token in matcher.tokens],
        plugins=[tuple(plugin) for plugin in matcher.plugins],
        patterns=matcher.patterns,
        rules={
            dossier['id']: make_lazy_row(compile_rule(dossier, shared['kinds'][dossier['kind']]))
            for dossier in dossiers
        },
        without_issuer=[
            dossier['id'] for dossier in dossiers if dossier['kind'] in KINDS_WITHOUT_ISSUER
        ],
        aliases=map_aliases(dossiers),
        titles=map_titles(dossiers),
        names=map_names(dossiers),
        words=list_words(dossiers),
        published=_list_published(dossiers),
        known=_digest_known(shared['known']),
        placeholders=build_patterns(
            [family['regex'] for family in shared['placeholders']['patterns']],
            [family['regex'] for family in shared['placeholders']['words']],
        ),
        phrases={check: make_row(token) for check, token in compile_phrases(dossiers).items()},
        policies=make_row(compile_policies(shared['policies'])),
        libraries=[make_lazy_row(library) for library in compile_libraries(shared['libraries'])],
        documents=_map_documents(dossiers),
        marking_keys=[squeeze_name(key) for key in _list_marking_keys(dossiers)],
        own_names=map_own_names(dossiers),
        asks=_map_asks(dossiers),
        setup_texts=_list_setup_texts(shared['setup_texts']),
        other_issuers=[*other['names']['exchanges'], *other['names']['services']],
        shared_heads=[row['head'].encode() for row in other['shared_heads']],
    )


def _map_asks(dossiers: list[Dossier]) -> dict[str, list[Row]]:
    """Map issuers to the requests with which an owner asks what a key may do."""
    return {
        dossier['id']: [_compile_ask(ask, dossier) for ask in asks]
        for dossier in dossiers
        if (asks := dossier.get('asks'))
    }


def _compile_ask(ask: AskTable, dossier: Dossier) -> Row:
    documents = dossier.get('documents') or []
    document = next(one for one in documents if one['name'] == ask['document'])
    question = KeyQuestion(
        ask['request'],
        ask['document'],
        ask['ccxt'],
        tuple(ask['credentials']),
        tuple(ask.get('arguments') or ()),
        ask.get('note') or '',
        document.get('source') or '',
    )
    return tuple(question)


def _map_documents(dossiers: list[Dossier]) -> dict[str, list[tuple[str, int]]]:
    """Map the first keys of vendors' documents to pairs of issuer and index in the dossier."""
    found: dict[str, list[tuple[str, int]]] = {}
    for dossier in dossiers:
        for number, document in enumerate(dossier.get('documents') or []):
            if document['keys']:
                entry = dossier['id'], number
                found.setdefault(squeeze_name(document['keys'][0]), []).append(entry)
    return found


def _list_marking_keys(dossiers: list[Dossier]) -> list[str]:
    """List the longest key of every vendor's document that the general vocabulary lacks."""
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


def _compile_key_calls(dossiers: list[Dossier]) -> bytes:
    """Compile the pattern of calls and of paths of requests that create or edit keys."""
    names = {entry['call'] for dossier in dossiers for entry in dossier.get('creates_keys') or []}
    documents = [
        compile_document(document)
        for dossier in dossiers
        for document in dossier.get('documents') or []
    ]
    paths = {path for document in documents for path in document.list_write_paths()}
    # Languages write the same name with or without underscores, and literals of types in braces.
    names |= {name.replace('_', '') for name in names}
    calls = make_any_name_pattern(sorted(names), rb'(?:\.?builder|::new)?[ \t]{0,4}[({]')
    return calls + b'|' + make_any_name_pattern(sorted(paths), b'').removeprefix(b'(?i)')


def _list_published(dossiers: list[Dossier]) -> list[bytes]:
    """List the values that vendors print in their own documentation."""
    return sorted(
        {
            value.encode()
            for dossier in dossiers
            for entry in dossier['credentials']
            for value in entry.get('published', [])
        }
    )


def _digest_known(known: object) -> list[str]:
    """List the SHA-256 (hex) of public values that are not a vendor's samples.

    They are development keys and test vectors, given as values or as digests.
    """
    digests: set[str] = set()
    for item in _list_leaves(known):
        value = item.get('value') or item.get('key') or item.get('phrase')
        if isinstance(value, str):
            digests.add(digest_value(value.encode()))
        digest = item.get('sha256')
        if isinstance(digest, str):
            digests.add(digest)
    return sorted(digests)


def _list_leaves(tree: object) -> list[dict[str, object]]:
    """List the mappings of a document that contain a value or a digest."""
    if isinstance(tree, dict):
        if any(key in tree for key in ('value', 'key', 'phrase', 'sha256')):
            return [tree]
        return [leaf for branch in tree.values() for leaf in _list_leaves(branch)]
    if isinstance(tree, list):
        return [leaf for branch in tree for leaf in _list_leaves(branch)]
    return []
