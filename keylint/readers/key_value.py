"""Read settings by lines: TOML, INI, properties, `.env`. Section headers become the path.

One pass, no tree. A value may be a quoted string, a TOML multi-line string or the rest of the line.
`tests/readers` compares it with `tomllib` and `configparser`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.readers.escapes import decode_escapes
from keylint.readers.json import stream_json
from keylint.readers.limits import KEPT_BYTES, MAX_SETTINGS
from keylint.readers.tree import PartlyReadError

# Possessive repetition (`*+`) prevents backtracking: an unclosed list would take forever, a long
# text much memory.
_LINE = defer_regex(
    rb'^[ \t]*(?:\[{1,2}(?P<section>[^\]\r\n]{1,200})\]{1,2}'
    rb'|(?:export[ \t]+)?'
    rb'(?P<key>[A-Za-z0-9_.\-"\'](?:[A-Za-z0-9_.\-"\' ]{0,98}[A-Za-z0-9_.\-"\'])?)'
    rb'[ \t]*(?::=|\?=|[=:])[ \t]*'
    rb'(?P<value>"""(?:[^"\\]++|\\.|"(?!""))*+"""'  # strings of several lines,
    rb'|\'\'\'(?:[^\']++|\'(?!\'\'))*+\'\'\''
    rb'|"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*+\''  # of one line,
    rb'|(?P<list>\[(?:[^\[\]"\'#]++|"[^"\n]*+"|\'[^\'\n]*+\'|#[^\n]*+'  # lists, and lists in them
    rb'|\[(?:[^\[\]"\'#]++|"[^"\n]*+"|\'[^\'\n]*+\'|#[^\n]*+)*+\])*+\])'
    rb'(?=[ \t]*(?:#|\r?$))|[^\r\n]*))',
    re.MULTILINE,
)


_BACKSLASH = defer_regex(rb'\\([=:#! ])')
_PADDING = defer_regex(rb'(?<!\\=)(?:\\=)++\Z')


def settings(data: bytes) -> tuple[Setting, ...]:
    """List every `key = value` line, with its section before the key."""
    return SectionText(data).settings()


def properties(data: bytes) -> tuple[Setting, ...]:
    """List the settings of a Java properties file."""
    return SectionText(data).properties()


class SectionText:
    """A text of sections and lines, parsed once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._lines: list[re.Match[bytes]] | None = None

    def settings(self) -> tuple[Setting, ...]:
        """List every `key = value` line, with its section before the key."""
        return tuple(islice(_settings(self._data, self._read()), MAX_SETTINGS))

    def properties(self) -> tuple[Setting, ...]:
        """List the settings of a Java properties file.

        Such files escape `=`, `:`, `#`, `!` and blanks with a backslash. A value's span ends before
        escaped base64 padding, which is where the value ends in the raw text.
        """
        return tuple(
            _unescaped(setting) if b'\\' in setting.value else setting
            for setting in self.settings()
        )

    def tree_settings(self) -> Iterator[Setting]:
        """Yield the settings with the members of lists and inline tables.

        The tables of an array (`[[keys]]`) are numbered. Raises PartlyReadError after the last
        setting if some are nested too deep.
        """
        unread: PartlyReadError | None = None
        data = self._data
        for setting in _settings(data, self._read(), True):
            if (
                setting.value[:1] in (b'[', b'{')
                and data[setting.start : setting.start + 1] == setting.value[:1]
            ):
                try:
                    for member in stream_json(setting.value):
                        yield Setting(
                            setting.path + member.path,
                            member.value,
                            setting.start + member.start,
                            setting.start + member.end,
                        )
                except PartlyReadError as error:
                    unread = error
            else:
                yield setting
        if unread is not None:
            raise unread

    def _read(self) -> Iterable[re.Match[bytes]]:
        if len(self._data) > KEPT_BYTES:
            return _find_lines(self._data)
        if self._lines is None:
            self._lines = list(_find_lines(self._data))
        return self._lines


def _find_lines(data: bytes) -> Iterator[re.Match[bytes]]:
    """Find the headers of sections and the lines with a key."""
    return _LINE.finditer(data)


def _unescaped(setting: Setting) -> Setting:
    padding = _PADDING.search(setting.value)
    end = (
        setting.start + padding.start()
        if padding and setting.end - setting.start == len(setting.value)
        else setting.end
    )
    return setting._replace(value=_BACKSLASH.sub(rb'\1', setting.value), end=end)


def _settings(
    data: bytes, lines: Iterable[re.Match[bytes]], numbered: bool = False
) -> Iterator[Setting]:
    section: tuple[str, ...] = ()
    arrays: dict[tuple[str, ...], int] = {}
    for line in lines:
        if line['section'] is not None:
            section = tuple(
                part.strip(' "\'') for part in line['section'].decode('utf-8', 'replace').split('.')
            )
            if numbered:
                section = _numbered(section, line.group().lstrip().startswith(b'[['), arrays)
            continue
        key = line['key'].decode('utf-8', 'replace').strip('"\' ')
        start, end = line.span('value')
        raw = line['value']
        if raw[:3] in (b'"""', b"'''") and len(raw) >= 6:
            start, end = start + 3, end - 3
        elif raw[:1] in (b'"', b"'") and len(raw) >= 2 and raw[-1:] == raw[:1]:
            start, end = start + 1, end - 1
        elif line['list'] is None:
            end = start + len(re.split(rb'\s[#;]', raw, maxsplit=1)[0].rstrip())
        value = data[start:end]
        yield Setting(
            (*section, key), decode_escapes(value) if raw[:1] == b'"' else value, start, end
        )


def _numbered(
    section: tuple[str, ...], is_array: bool, arrays: dict[tuple[str, ...], int]
) -> tuple[str, ...]:
    """Return the section's path with the number of the array's table that contains it."""
    if is_array:
        arrays[section] = arrays.get(section, -1) + 1
    path: tuple[str, ...] = ()
    for length in range(1, len(section) + 1):
        path += (section[length - 1],)
        if section[:length] in arrays:
            path += (str(arrays[section[:length]]),)
    return path
