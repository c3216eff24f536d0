"""Saved answers of exchanges, for the entries of a first key inventory.

What an answer says of a key is written down: rights, addresses, label, dates. No value of a key is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from keylint.core.dates import parse_date
from keylint.core.errors import SourceError
from keylint.core.model import KeyDeclaration
from keylint.core.records import NamedTuple
from keylint.core.terms import PERMISSIONS
from keylint.declarations.extract import find_declarations
from keylint.declarations.spoken_places import SpokenPlaces
from keylint.readers.decode import to_text
from keylint.readers.formats import FORMATS, format_of
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import PartlyReadError
from keylint.rules.rule_set import RuleSet
from keylint.validators.randomness import is_random

_MAX_LABEL_CHARS = 80
_MIN_VALUE_CHARS = 16


class SavedAnswer(NamedTuple):
    """What one answer says of one key: its file, the exchange, fields of an entry, remarks."""

    path: str
    exchange: str
    fields: dict[str, str]
    remarks: dict[str, str]


def read_answers(paths: Iterable[str], pack: RuleSet) -> list[SavedAnswer]:
    """Read saved answers. Raises SourceError for a file that holds none."""
    return [answer for path in paths for answer in _read_file(path, pack)]


def _read_file(path: str, pack: RuleSet) -> list[SavedAnswer]:
    try:
        with open(path, 'rb') as file:
            data = to_text(file.read())[0]
    except OSError as error:
        raise SourceError(f'{path}: cannot read: {error.strerror}') from None
    form = format_of(path)
    if form.tree is None:
        form = FORMATS['json']
    everywhere = SpokenPlaces(range(len(data)), range(len(data)))
    try:
        found = find_declarations(ParsedText(data), form, path, pack, everywhere)
    except PartlyReadError as error:
        found = list(error.found)
    answers = [_read_answer(one, path) for one in found if one.issuer and _says_something(one)]
    if not answers:
        raise SourceError(
            f'{path}: not an answer that says what a key may do; an answer that does not name its '
            'exchange needs the name in that of the file, such as kraken-key.json'
        )
    return answers


def _says_something(declaration: KeyDeclaration) -> bool:
    return declaration.permissions is not None or declaration.restriction in ('none', 'listed')


def _read_answer(declaration: KeyDeclaration, path: str) -> SavedAnswer:
    fields: dict[str, str] = {}
    remarks: dict[str, str] = {}
    for name in ('label', 'account'):
        text = getattr(declaration, name).strip()
        if text and _is_plain(text):
            fields[name] = json.dumps(text, ensure_ascii=False)
    if declaration.permissions is not None:
        granted = [one for one in PERMISSIONS if one in declaration.permissions]
        fields['permissions'] = f'[{", ".join(granted)}]'
    if declaration.unknown:
        shown = ', '.join(word for word in declaration.unknown if _is_plain(word))
        remarks['permissions'] = f'{os.path.basename(path)} also says {shown}'
    if declaration.restriction == 'none':
        fields['ip_allowlist'] = '[]'
    elif declaration.addresses:
        listed = ', '.join(json.dumps(one) for one in declaration.addresses)
        fields['ip_allowlist'] = f'[{listed}]'
    elif declaration.restriction == 'listed':
        remarks['ip_allowlist'] = f'{os.path.basename(path)} says that there is a list'
    for name in ('created', 'expires'):
        day = parse_date(getattr(declaration, name))
        if day is not None:
            fields[name] = day
    return SavedAnswer(path, declaration.issuer or '', fields, remarks)


def _is_plain(text: str) -> bool:
    """Tell whether a text may stand in an inventory: no value of a key, nothing that breaks it."""
    if len(text) > _MAX_LABEL_CHARS or not text.isprintable():
        return False
    return not any(
        len(word) >= _MIN_VALUE_CHARS and is_random(word.encode()) for word in text.split()
    )
