"""Check rule files against tables of fields: every mistake is kept, with its place in the file.

The same tables make the JSON Schemas for editors (docs/dossier_schemas.py), so both always agree.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import yaml

from keylint.core.errors import RuleError, suggest_word
from keylint.core.records import NamedTuple

Loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
Path: TypeAlias = tuple[str | int, ...]
# A mapping that was compared with its table: unknown keys are removed from it.
Table: TypeAlias = dict[str, object]
_NOTHING: Mapping[str, Field] = MappingProxyType({})


_WORD = re.compile(r'[a-z0-9]+')
# Classes and escaped characters of an expression, in which `^` and `$` are characters.
_CLASS = re.compile(r'\\[^AZbB]|\[(?:\\.|[^\]\\])*\]')
_ANCHOR = re.compile(r'\\[AZbB]|[$^]')


class Field(NamedTuple):
    """A key of a rule file.

    `form` is a key of `_CHECKS`, `table` (a mapping with `fields`), `tables` (a list of those) or
    `named-tables` (such mappings under the names in `choices`). `says` is shown by editors. An
    `unused` field is accepted and dropped, because older dossiers have it. `default` is filled in
    if the key is missing.
    """

    form: str
    says: str
    is_required: bool = False
    choices: tuple[str, ...] = ()
    fields: Mapping[str, Field] = _NOTHING
    default: object = None


class Form:
    """The mistakes of one file. `label` names their owner if the file's name does not."""

    def __init__(self, file: str, label: str = '') -> None:
        self.file = file
        self.label = label
        self._mistakes: list[tuple[Path, str]] = []

    def complain(self, path: Path, message: str) -> None:
        """Keep a mistake; `path` leads to the value within the document."""
        self._mistakes.append((path, message))

    def read_table(
        self, value: object, fields: Mapping[str, Field], path: Path = (), what: str = ''
    ) -> Table:
        """Check a mapping; return a copy without empty values and with defaults filled in."""
        what = what or show_path(path)
        if not isinstance(value, dict):
            self.complain(path, f'{what} must be a mapping, not {type(value).__name__}')
            return {}
        found: Table = {}
        for name, item in value.items():
            if name not in fields:
                hint = suggest_word(str(name), list(fields))
                allowed = ', '.join(key for key, field in fields.items() if field.form != 'unused')
                message = f"{what} has no key '{name}'{hint}; allowed: {allowed}"
                self.complain((*path, name), message)
            elif item is not None and fields[name].form != 'unused':
                found[name] = self._read(item, fields[name], (*path, name))
        for name, field in fields.items():
            if name not in found and field.is_required:
                self.complain(path, f"{what} lacks the key '{name}'")
            elif name not in found and field.default is not None:
                found[name] = field.default
        return found

    def _read(self, value: object, field: Field, path: Path) -> object:
        if field.form == 'table':
            return self.read_table(value, field.fields, path)
        if field.form == 'tables':
            if not isinstance(value, list) or (field.is_required and not value):
                self.complain(path, f'{show_path(path)} must be a list with at least one entry')
                return []
            return [self.read_table(item, field.fields, (*path, n)) for n, item in enumerate(value)]
        if field.form == 'named-tables':
            if not isinstance(value, dict):
                self.complain(path, f'{show_path(path)} must be a mapping')
                return {}
            self.check_choices(list(value), field.choices, path)
            return {
                name: self.read_table(item, field.fields, (*path, name))
                for name, item in value.items()
            }
        _CHECKS[field.form](self, value, field, path)
        return value

    def check_choices(self, value: object, choices: tuple[str, ...], path: Path) -> None:
        """Complain about values other than the choices; `value` is one or a list of them."""
        for item in value if isinstance(value, list) else [value]:
            if item not in choices:
                allowed = ', '.join(choices)
                self.complain(path, f"{show_path(path)} is '{item}'; allowed: {allowed}")

    def check_pattern(self, value: object, path: Path) -> re.Pattern[bytes] | None:
        """Return the compiled expression; complain and return None outside the common dialect."""
        key = show_path(path)
        if not isinstance(value, str):
            self.complain(path, f'{key} must be a regular expression in quotes')
            return None
        if found := re.search(r'\(\?[=!<]|\\[1-9]|\(\?P=', value):
            what = 'look-around and back-references are not allowed'
            self.complain(path, f"{key} uses '{found.group()}': {what}")
            return None
        if path[-1] == 'shape' and (found := _ANCHOR.search(_CLASS.sub('', value))):
            what = 'anchors are not allowed, because a shape is that of the whole value'
            self.complain(path, f"{key} uses '{found.group()}': {what}")
            return None
        try:
            return re.compile(value.encode())
        except re.error as error:
            self.complain(path, f'{key} is not a regular expression: {error}')
            return None

    def complain_of_todos(self, value: object, path: Path = ()) -> None:
        """Complain about every text that `keylint rules new` left for the author."""
        if isinstance(value, dict):
            for name, item in value.items():
                self.complain_of_todos(item, (*path, name))
        elif isinstance(value, list):
            for number, item in enumerate(value):
                self.complain_of_todos(item, (*path, number))
        elif isinstance(value, str) and value.startswith('TODO'):
            self.complain(path, f'{show_path(path)} still says TODO')

    def list_mistakes(self) -> list[str]:
        """Return one line for each mistake: file, line, label, message."""
        if not self._mistakes:
            return []
        label = f'{self.label}: ' if self.label else ''
        root, where = _compose(self.file), os.path.relpath(self.file)
        return [f'{where}:{_line_of(root, path)}: {label}{text}' for path, text in self._mistakes]

    def raise_first(self) -> None:
        """Raise RuleError for the first mistake, if there is one."""
        for message in self.list_mistakes()[:1]:
            raise RuleError(message)


def list_tables(table: object, key: str) -> list[Table]:
    """Return the entries of a field of the form `tables`; none if it is missing."""
    entries = table.get(key) if isinstance(table, dict) else None
    return entries if isinstance(entries, list) else []


def show_path(path: Path) -> str:
    """Write a path as text: `credentials[0].shape`."""
    text = ''.join(f'[{step}]' if isinstance(step, int) else f'.{step}' for step in path)
    return text.removeprefix('.') or 'the file'


def locate(file: str, path: Path) -> str:
    """Return file and line of the value at `path`: `rules/exchanges/okx.yaml:12`."""
    return f'{os.path.relpath(file)}:{_line_of(_compose(file), path)}'


def _compose(file: str) -> yaml.Node | None:
    """Return the YAML nodes of a file, which know their lines; None for a file without any."""
    try:
        with open(file, 'rb') as stream:
            return yaml.compose(stream, Loader=Loader)
    except (OSError, yaml.YAMLError):
        return None


def _line_of(node: yaml.Node | None, path: Path) -> int:
    """Return the 1-based line of the value at `path`, or of the nearest mapping above it."""
    line = 1 if node is None else node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        else:
            break
    return line


def _expect(*types: type, what: str) -> Callable[[Form, object, Field, Path], None]:
    """Return a check that the value is of one of these types."""

    def check(form: Form, value: object, _: Field, path: Path) -> None:
        if type(value) not in types:
            form.complain(path, f'{show_path(path)} must be {what}')

    return check


def _check_texts(form: Form, value: object, field: Field, path: Path) -> None:
    if field.form == 'text-or-texts' and isinstance(value, str):
        return
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        form.complain(path, f'{show_path(path)} must be a list of strings')


def _check_words(form: Form, value: object, field: Field, path: Path) -> None:
    """Complain about texts that are not single words: names are split before they are compared."""
    _check_texts(form, value, field, path)
    for number, word in enumerate(value if isinstance(value, list) else []):
        if isinstance(word, str) and not _WORD.fullmatch(word):
            what = f"{show_path(path)} has '{word}'"
            form.complain((*path, number), f'{what}; one word each, lower case letters and digits')


def _check_choice(form: Form, value: object, field: Field, path: Path) -> None:
    if isinstance(value, list) and field.form == 'choice':
        form.complain(path, f'{show_path(path)} must be one of {", ".join(field.choices)}')
    else:
        form.check_choices(value, field.choices, path)


def _check_pattern(form: Form, value: object, _: Field, path: Path) -> None:
    form.check_pattern(value, path)


_CHECKS: dict[str, Callable[[Form, object, Field, Path], None]] = {
    'text': _expect(str, what='text; quote it'),
    'switch': _expect(bool, what='true or false'),
    'number': _expect(int, what='a number'),
    'mapping': _expect(dict, what='a mapping'),
    'texts': _check_texts,
    'text-or-texts': _check_texts,
    'choice': _check_choice,
    'choices': _check_choice,
    'pattern': _check_pattern,
    'words': _check_words,
    'rights': _expect(dict, what='a mapping'),
}
