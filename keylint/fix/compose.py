"""Let Compose files read `${NAME}`: Compose takes variables from the `.env` beside the file.

Source: https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import yaml

from keylint.core.model import Setting
from keylint.core.safe_yaml import parse_events
from keylint.fix.edits import (
    Edit,
    MovedValue,
    RepairedFile,
    SecretSpan,
    UnfixableError,
    apply_edits,
)
from keylint.fix.names import Names
from keylint.fix.settings import find_setting

_FILE = re.compile(r'(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml', re.IGNORECASE)
_NAME = re.compile(r'[A-Za-z_]\w*')
_CONTEXT_BYTES = 200  # from a name to its value
_ASSIGNED = re.compile(rb'([A-Za-z_]\w*)=\Z')


def is_compose(path: str) -> bool:
    """Tell whether Compose reads a file of this name, and with it the `.env` beside it."""
    return bool(_FILE.fullmatch(os.path.basename(path)))


def fix_compose(
    data: bytes, path: str, spans: Sequence[SecretSpan], settings: Sequence[Setting], names: Names
) -> RepairedFile:
    """Return the file with `${NAME}` for each value.

    Raises UnfixableError if a value is not written as it reads, or if the change would mean more.
    """
    wanted: list[SecretSpan] = []
    values: list[str] = []
    for span in spans:
        setting = find_setting(settings, span)
        values.append(_read_value(data, span, setting))
        wanted.append(_choose_own_name(data, span, setting))
    chosen = names.choose(wanted, values, data)
    edits = [
        Edit(span.start, span.end, b'${%b}' % name.encode())
        for span, name in zip(spans, chosen, strict=True)
    ]
    made = apply_edits(data, edits)
    texts = [data[span.start : span.end].decode() for span in spans]
    _check_same_document(data, made, texts, chosen)
    says = ', '.join(f'${{{name}}}' for name in dict.fromkeys(chosen))
    moves = tuple(dict.fromkeys(map(MovedValue, chosen, values)))
    return RepairedFile(made, moves, says, os.path.dirname(path))


def _choose_own_name(data: bytes, span: SecretSpan, setting: Setting) -> SecretSpan:
    """Prefer the name that the container knows the value by: `NAME: value` or `- NAME=value`."""
    first = max(0, span.start - _CONTEXT_BYTES)
    assigned = _ASSIGNED.search(data, first, span.start)
    own = assigned[1].decode() if assigned else setting.path[-1]
    is_variable = setting.path[-2:-1] == ('environment',)
    return span._replace(name=own) if is_variable and _NAME.fullmatch(own) else span


def _read_value(data: bytes, span: SecretSpan, setting: Setting) -> str:
    """Return the value as Compose reads it: `$$` is a dollar sign, `''` a quote in quotes."""
    raw = data[span.start : span.end].decode()
    if raw not in setting.value.decode('utf-8', 'replace') or '\n' in raw or '\\' in raw:
        raise UnfixableError(
            'it is written with escapes or over several lines; put ${NAME} there by hand'
        )
    value = raw.replace('$$', '$')
    is_quoted = data[setting.start - 1 : setting.start] == b"'"
    return value.replace("''", "'") if is_quoted else value


def _check_same_document(
    before: bytes, after: bytes, values: Sequence[str], names: Sequence[str]
) -> None:
    """Raise UnfixableError unless the documents are equal except for the variables."""
    try:
        old, new = (list(parse_events(text)) for text in (before, after))
    except yaml.YAMLError:
        raise UnfixableError('no YAML that can be parsed, before or after the change') from None
    if len(old) != len(new):
        raise UnfixableError(
            '${NAME} would change the form of the document here; put the value in quotes first'
        )
    for one, other in zip(old, new, strict=True):
        was, now = getattr(one, 'value', None), getattr(other, 'value', None)
        for value, name in zip(values, names, strict=True):
            if isinstance(was, str) and isinstance(now, str) and was != now:
                was = was.replace(value, f'${{{name}}}')
        if type(one) is not type(other) or was != now:
            raise UnfixableError('${NAME} would change more than the value here')
