"""Line-based settings: TOML, INI, properties, `.env`. Section headers become the path; one pass, no tree.

A value may be a quoted string, a TOML multi-line string or the rest of the line. `tests/readers` holds it against `tomllib`
and `configparser`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.model import Setting
from keylint.readers.jsonlike import unescape

_LINE = re.compile(
    rb'^[ \t]*(?:\[{1,2}(?P<section>[^\]\r\n]{1,200})\]{1,2}'
    rb'|(?:export[ \t]+)?(?P<key>[A-Za-z0-9_.\-"\'](?:[A-Za-z0-9_.\-"\' ]{0,98}[A-Za-z0-9_.\-"\'])?)[ \t]*(?::=|\?=|[=:])[ \t]*'
    rb'(?P<value>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\']|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[^\r\n]*))',
    re.MULTILINE,
)


def settings(data: bytes) -> tuple[Setting, ...]:
    """Every `key = value` line, its section in front of the key."""
    return tuple(_settings(data))


def _settings(data: bytes) -> Iterator[Setting]:
    section: tuple[str, ...] = ()
    for line in _LINE.finditer(data):
        if line['section'] is not None:
            section = tuple(part.strip(' "\'') for part in line['section'].decode('utf-8', 'replace').split('.'))
            continue
        key = line['key'].decode('utf-8', 'replace').strip('"\' ')
        start, end = line.span('value')
        raw = line['value']
        if raw[:3] in (b'"""', b"'''") and len(raw) >= 6:
            start, end = start + 3, end - 3
        elif raw[:1] in (b'"', b"'") and len(raw) >= 2 and raw[-1:] == raw[:1]:
            start, end = start + 1, end - 1
        else:
            end = start + len(re.split(rb'\s[#;]', raw, maxsplit=1)[0].rstrip())
        value = data[start:end]
        yield Setting((*section, key), unescape(value)[0] if raw[:1] == b'"' else value, start, end)
