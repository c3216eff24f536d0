"""The compiled rules say what they said.

A digest for each dossier, each shared table and each pattern of the gate.

A change of one dossier changes its own digest, and those of the gate's patterns that are made of
it; all others must stay.
"""

from __future__ import annotations

from typing import Any

import pytest

from keylint.core.model import TokenPattern
from keylint.rules.declaration_types import (
    DeclarationSpec,
    DocumentShape,
    IpPolicy,
    Meaning,
    WordField,
)
from keylint.rules.library_types import LibrarySpec
from keylint.rules.load import load_rules
from keylint.rules.types import PartSpec, Rule
from tests.contracts.digests import UPDATE, digest_of, read_kept

KEPT = 'rule_tables.json'
FLAGS = ('is_by_place', 'needs_issuer', 'is_whole', 'files')
# Tables whose rows belong to single dossiers; the others are shared.
BY_DOSSIER = ('rules', 'declared', 'aliases', 'names', 'words', 'own names', 'tokens', 'phrases')


def compiled_tables() -> dict[str, Any]:
    """Return the tables of the built-in rules by name.

    Where their form changes, adapt this, so that the digests stay.
    """
    rule_set = load_rules().pack
    names = ('tokens', 'plugins', 'patterns', 'phrases')
    made = {name: getattr(rule_set, name) for name in names}
    raw = rule_set._tables
    return made | {
        'rules': {issuer: keep_rule(rule) for issuer, rule in rule_set.rules.items()},
        'declared': {
            issuer: keep_declarations(rule.declarations) for issuer, rule in rule_set.rules.items()
        },
        'aliases': raw.aliases,
        'names': raw.names,
        'words': raw.words,
        'own names': raw.own_names,
        'published': raw.published,
        'known': raw.known,
        'placeholders': raw.placeholders,
        'policies': {
            'thresholds': rule_set.thresholds,
            'third-party-addresses': rule_set.third_party_addresses,
            'policies': rule_set.policies,
        },
        'libraries': [keep_library(library) for library in rule_set.libraries],
    }


def keep_rule(rule: Rule) -> dict[str, Any]:
    """Return a rule without what has a digest of its own, and without empty lists of marks."""
    row = rule._asdict()
    del row['declarations_row']
    row['credentials'] = [keep_flags(part) for part in rule.credentials]
    row['environments'] = {
        name: drop_empty(marks._asdict()) for name, marks in rule.environments.items()
    }
    return row


def keep_flags(row: PartSpec | TokenPattern) -> dict[str, Any]:
    """Return a row without the flags that are not set, which few rows have."""
    return {name: value for name, value in row._asdict().items() if name not in FLAGS or value}


def keep_declarations(spec: DeclarationSpec) -> dict[str, Any]:
    """Return what declarations are read by; what a dossier does not say is left out."""
    ip = None if spec.ip == IpPolicy() else drop_empty(spec.ip._asdict())
    documents = [keep_document(document) for document in spec.documents]
    calls = [drop_empty(call._asdict()) for call in spec.calls]
    words = [list(word) for word in spec.permissions]
    return spec._asdict() | {'permissions': words, 'ip': ip, 'documents': documents, 'calls': calls}


def keep_document(document: DocumentShape) -> dict[str, Any]:
    """Return a document; the keys of its addresses as one text where there is only one."""
    row = drop_empty(document._asdict())
    row |= {'keys': document.keys, 'needs_issuer': document.needs_issuer}
    if document.rights:
        rights = document.rights.items()
        row['rights'] = {key: keep_meaning(meaning) for key, meaning in rights}
    if document.ip is not None:
        addresses = drop_empty(document.ip._asdict())
        keys = addresses.pop('keys', ())
        row['ip'] = addresses | ({'list': keys[0] if len(keys) == 1 else keys} if keys else {})
    return row


def keep_meaning(meaning: Meaning) -> object:
    """Return what a key grants, without what the dossier does not say."""
    return drop_empty(meaning._asdict()) if isinstance(meaning, WordField) else meaning


def keep_library(library: LibrarySpec) -> dict[str, Any]:
    """Return a library; the one whose classes name the exchange says so with null."""
    return drop_empty(library._asdict()) | {
        'exchange': library.exchange,
        'modules': library.modules,
    }


def drop_empty(row: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that say something."""
    return {key: value for key, value in row.items() if value not in (None, (), {}, False)}


def digests_of_rules() -> dict[str, Any]:
    """Digest the built-in rules."""
    tables = compiled_tables()
    shared = {
        name: digest_of(table)
        for name, table in sorted(tables.items())
        if name not in (*BY_DOSSIER, 'patterns')
    }
    dossiers = {name: digest_of(rows_of(name, tables)) for name in sorted(tables['rules'])}
    order = digest_of([(row.rule, row.role) for row in tables['tokens']])
    return {
        'shared': shared,
        'order of the tokens': order,
        'dossiers': dossiers,
        'patterns': [digest_of(pattern) for pattern in tables['patterns']],
    }


def rows_of(dossier: str, tables: dict[str, Any]) -> dict[str, Any]:
    """Gather what all tables together hold of one dossier."""
    return {
        'rule': tables['rules'][dossier],
        'declared': tables['declared'][dossier],
        'aliases': {
            alias: names.index(dossier)
            for alias, names in tables['aliases'].items()
            if dossier in names
        },
        'names': {
            name: [pair for pair in pairs if pair[0] == dossier]
            for name, pairs in tables['names'].items()
            if any(pair[0] == dossier for pair in pairs)
        },
        'words': [row for row in tables['words'] if row[2] == dossier],
        'tokens': [keep_flags(row) for row in tables['tokens'] if row.rule == dossier],
        'phrases': {
            check: keep_flags(row)
            for check, row in tables['phrases'].items()
            if row.rule == dossier
        },
    } | ({'own names': own} if (own := list_own_names(dossier, tables)) else {})


def list_own_names(dossier: str, tables: dict[str, Any]) -> list[str]:
    """List the names of parts that are words of a dossier's issuer."""
    return sorted(name for name, issuers in tables['own names'].items() if dossier in issuers)


@pytest.fixture(scope='module')
def current() -> dict[str, Any]:
    return digests_of_rules()


@pytest.mark.parametrize('part', ['shared', 'order of the tokens', 'patterns'])
def test_shared_tables_are_as_they_were(part: str, current: dict[str, Any]) -> None:
    assert current[part] == read_kept(KEPT)[part], UPDATE


def test_dossiers_are_as_they_were(current: dict[str, Any]) -> None:
    kept = read_kept(KEPT)['dossiers']
    changed = [name for name in kept if current['dossiers'].get(name) != kept[name]]
    assert not changed, f'{UPDATE} Changed or gone: {changed}'
    assert sorted(current['dossiers']) == sorted(kept), UPDATE


def test_a_digest_sees_one_word() -> None:
    """The guard guards: a word more, another order and bytes for text are other tables.

    Another kind of record is not.
    """
    table = {'words': ['paper', 'live'], 'shape': b'[a-z]{3}'}
    others = [
        {**table, 'words': ['paper', 'live', 'x']},
        {**table, 'words': ['live', 'paper']},
        {**table, 'shape': '[a-z]{3}'},
    ]
    assert digest_of(table) not in {digest_of(other) for other in others}
    assert digest_of({'b', 'a'}) == digest_of(['a', 'b'])
