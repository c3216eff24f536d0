"""The fields of a dossier about the page on which keys are made, and their consistency checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from keylint.core.terms import PERMISSIONS
from keylint.rules.box_types import BoxKind, KeyRights, SubAccounts, UseCase
from keylint.rules.form import Field, Form, Table, list_tables

USES = (*PERMISSIONS, *get_args(UseCase))
BOX = {
    'kind': Field(
        'choice',
        'box: what the page offers today; old: what it no longer does, or an older name; word: '
        'what only API and SDKs say, a scope of apps, an action; given: what comes by itself. '
        'Only a box is ever recommended',
        choices=get_args(BoxKind),
        default='box',
    ),
    'read_only': Field('switch', 'the box can also be ticked for reading alone'),
    'needs': Field('texts', 'labels of the boxes without which this one does not work'),
    'excludes': Field('texts', 'labels of the boxes that cannot be ticked beside this one'),
}
_USE_CASES = {use: Field('texts', 'labels of the boxes for this use, all of them') for use in USES}
KEY_PAGE = {
    'rights': Field(
        'choice',
        'boxes (the default where any are known); none: a key opens whatever its account opens; '
        'approval: an agent of the main key is approved; gone: such keys cannot be made any more; '
        'unknown: what the page offers is not known',
        choices=get_args(KeyRights),
    ),
    'steps': Field(
        'texts',
        'what to choose before the boxes, in order: kind of key, portfolio, sub-account, approval; '
        '{label} is the name of the key',
    ),
    'sub_accounts': Field(
        'choice',
        'may the account have sub-accounts with keys of their own? cannot-withdraw: and these keys '
        'never have that right',
        choices=get_args(SubAccounts),
    ),
    'use_cases': Field(
        'table',
        'the boxes for a use, where it takes more than the first that grants the permission; '
        'deposit, borrow, history, ledger and stream are uses that the names of calls tell',
        fields=_USE_CASES,
    ),
    'sources': Field('texts', 'where this is known from'),
    'note': Field('text', 'what else a reader of the dossier should know, or what is not known'),
}


def check_boxes(form: Form, top: Table) -> None:
    """Check that labels are those of boxes, and that all words of a box grant the same."""
    rows = list_tables(top, 'permissions')
    labels = {_label_of(row) for row in rows}
    labels |= {f'{_label_of(row)} (read only)' for row in rows if row.get('read_only')}
    levels: dict[str, object] = {}
    for number, row in enumerate(rows):
        level = row.get('level')
        given = level if isinstance(level, list) else [level]
        if levels.setdefault(_label_of(row), given) != given:
            message = f"the words of the box '{_label_of(row)}' must have the same level"
            form.complain(('permissions', number, 'level'), message)
        for field in ('needs', 'excludes'):
            for label in _list_texts(row.get(field)):
                if label not in labels:
                    message = f"{field} names '{label}', which is not a box of permissions"
                    form.complain(('permissions', number, field), message)
    for use, label in _list_uses(top):
        if label not in labels:
            message = f"the use case {use} names '{label}', which is not a box of permissions"
            form.complain(('key_page', 'use_cases', use), message)
    _check_documents(form, top, {str(row.get('word')): levels[_label_of(row)] for row in rows})


def _check_documents(form: Form, top: Table, levels: Mapping[str, object]) -> None:
    """Check that a field of a document grants the same as the word of that name."""
    for number, document in enumerate(list_tables(top, 'documents')):
        rights = document.get('rights')
        if not isinstance(rights, dict):
            continue
        for key, meaning in rights.items():
            word = str(key).rsplit('.', 1)[-1]
            granted = meaning if isinstance(meaning, list) else [meaning]
            is_level = isinstance(meaning, list) or meaning in PERMISSIONS
            if is_level and word in levels and granted != levels[word]:
                message = f"'{key}' must grant the same as the word '{word}' of permissions"
                form.complain(('documents', number, 'rights', key), message)


def _list_uses(top: Table) -> Iterator[tuple[str, str]]:
    """List the labels of all use cases."""
    page = top.get('key_page')
    uses = page.get('use_cases') if isinstance(page, dict) else None
    if isinstance(uses, dict):
        for use, labels in uses.items():
            yield from ((use, label) for label in _list_texts(labels))


def _label_of(row: Table) -> str:
    return str(row.get('ui') or row.get('word'))


def _list_texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
