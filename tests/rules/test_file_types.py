"""The types of rule files name the keys that the tables accept; always there is required."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping

import pytest

from keylint.core.lazy_typing import resolve_hint
from keylint.core.terms import THRESHOLDS
from keylint.rules import declared_schema, file_types, schema
from keylint.rules.files import read_dossiers, read_shared
from keylint.rules.form import Field
from keylint.rules.listing import find_builtin_rules
from tests.rules.acme import NAMES

TABLES: dict[type, Mapping[str, Field]] = {
    file_types.Dossier: schema.DOSSIER,
    file_types.CredentialTable: schema.CREDENTIAL,
    file_types.PermissionTable: declared_schema.PERMISSION,
    file_types.IpTable: declared_schema.IP,
    file_types.DocumentTable: declared_schema.DOCUMENT,
    file_types.CallTable: declared_schema.CALL,
    file_types.ContextTable: schema.DOSSIER['context'].fields,
    file_types.EnvironmentTable: schema.DOSSIER['environments'].fields,
    file_types.HelpTable: schema.DOSSIER['help'].fields,
    file_types.DocumentIpTable: declared_schema.DOCUMENT['ip'].fields,
}
# Filled in by `check_dossier` itself.
FILLED = {'kind', 'aliases'}


@pytest.mark.parametrize('name', TABLES, ids=lambda name: str(name.__name__))
def test_a_type_has_the_keys_of_its_table(name: type) -> None:
    fields = {key: field for key, field in TABLES[name].items() if field.form != 'unused'}
    hints = typing.get_type_hints(name, include_extras=True)
    assert hints.keys() == fields.keys()
    optional = {key for key, hint in hints.items() if typing.get_origin(hint) is typing.NotRequired}
    is_dossier = name is file_types.Dossier
    assert optional == {
        key
        for key, field in fields.items()
        if not field.is_required and field.default is None and not (is_dossier and key in FILLED)
    }


def test_examples_have_the_keys_of_both_tables() -> None:
    tables = (*schema.EXAMPLES.values(), *declared_schema.POLICY_EXAMPLES.values())
    keys = {
        key for table in tables for key, field in table.fields.items() if field.form != 'unused'
    }
    assert typing.get_type_hints(file_types.ExampleTable).keys() == keys


def list_misfits(  # noqa: C901 - a case a kind of type
    value: object, hint: object, place: str = ''
) -> Iterator[str]:
    """Yield the places of a document where a value is not of the type that is promised."""
    hint = resolve_hint(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.NotRequired:
        yield from list_misfits(value, arguments[0], place)
    elif origin in (typing.Union, types.UnionType):
        if all(any(list_misfits(value, one, place)) for one in arguments):
            yield place
    elif origin is typing.Literal:
        if value not in arguments:
            yield place
    elif typing.is_typeddict(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        if not isinstance(value, dict) or value.keys() - hints.keys():
            yield place
            return
        for key, item in value.items():
            yield from list_misfits(item, hints[key], f'{place}.{key}')
    elif origin in (dict, Mapping):
        if not isinstance(value, dict):
            yield place
            return
        for key, item in value.items():
            yield from list_misfits(key, arguments[0], f'{place}.{key}')
            yield from list_misfits(item, arguments[1], f'{place}.{key}')
    elif origin is list:
        if not isinstance(value, list):
            yield place
            return
        for number, item in enumerate(value):
            yield from list_misfits(item, arguments[0], f'{place}[{number}]')
    elif isinstance(hint, type) and not isinstance(value, hint):
        yield place


def test_every_value_of_the_built_in_rules_is_of_its_type() -> None:
    dossiers = read_dossiers((find_builtin_rules(),), NAMES)
    misfits = [
        f'{dossier["id"]}{place}'
        for dossier in dossiers
        for place in list_misfits(dossier, file_types.Dossier)
    ]
    assert misfits == []
    shared = read_shared()
    for name, hint in {
        'kinds': dict[str, file_types.KindTable],
        'policies': file_types.PoliciesFile,
        'libraries': file_types.LibrariesFile,
    }.items():
        assert list(list_misfits(shared[name], hint, name)) == []  # type: ignore[literal-required]
    assert shared['policies']['thresholds'].keys() == set(THRESHOLDS)


def test_a_value_of_another_type_is_a_misfit() -> None:
    (dossier, *_) = read_dossiers((find_builtin_rules(),), NAMES)
    wrong = {**dossier, 'credentials': [{'role': 'key', 'shape': 5, 'names': ['a', 1]}]}
    assert list(list_misfits(wrong, file_types.Dossier)) == [
        '.credentials[0].role',
        '.credentials[0].shape',
        '.credentials[0].names[1]',
    ]
