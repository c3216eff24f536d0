"""Read YAML as settings: several documents, anchors, block scalars, Kubernetes Secrets decoded.

PyYAML's event stream has marks and never builds an alias bomb. An alias of a value gives the value
again under its own name; an alias of a mapping gives nothing, because its anchor did. The tree of
the document does need these: there an alias repeats its anchor's settings, up to a limit.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Protocol

import yaml

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting
from keylint.core.safe_yaml import TooDeepError, parse_events
from keylint.readers.limits import KEPT_BYTES, MAX_LEVELS, MAX_SETTINGS, TOO_DEEP
from keylint.readers.tree import BrokenYamlError, PartlyReadError

# An anchor and a tag before a value. Source: YAML 1.1, section 7.1.
_PROPERTIES = defer_regex(rb'(?:(?:&[\w\-]+|!\S*)\s*){1,2}')
# Characters that YAML forbids (1.1, section 5.1), in classes that compile quickly; and byte order
# marks, which libyaml does not count.
_FORBIDDEN = defer_regex(
    '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ud800-\udfff]|[\ufeff\ufffe\uffff]'
)
_WIDE = defer_regex('[^\x00-\x7f]')
_MOST = 400_000
# Values that aliases repeat: a legitimate file has some hundreds.
_MOST_COPIES = 20_000


def settings(data: bytes) -> tuple[Setting, ...] | None:
    """List every scalar value in order, or None if the text is not YAML."""
    return YamlText(data).settings()


class YamlMark(Protocol):
    """A place in a text: PyYAML has two classes for it, one of them in C."""

    @property
    def index(self) -> int | None:
        """Return the number of characters before the place."""


class YamlText:
    """A text in YAML, parsed once: its events serve settings and trees."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        text = data.decode('utf-8', 'surrogateescape')
        self._offsets = _Offsets(text)
        self._text = _printable(text)
        self._is_exact = self._text == text  # no forbidden character had to be replaced
        self._events: list[yaml.Event] | None = [] if len(data) <= KEPT_BYTES else None
        self._source = self._parse()
        self._error: Exception | None = None

    def settings(self) -> tuple[Setting, ...] | None:
        """List every scalar value in order, or None if the text is not YAML."""
        found: list[Setting] = []
        try:
            found.extend(islice(self._walk(_walk), MAX_SETTINGS))
        except BrokenYamlError:
            return None
        except PartlyReadError:
            pass  # too deep: everything above was read
        return tuple(_decoded(found))

    def find_error(self) -> yaml.YAMLError | None:
        """Find the error that makes the text invalid YAML, None if it is valid to its end.

        Characters that YAML forbids are errors here; the other readers ignore them.
        """
        text = self._data.decode('utf-8', 'replace')
        try:
            deque(self._replay() if self._is_exact else parse_events(text), maxlen=0)
        except yaml.YAMLError as error:
            return error
        return None

    def tree_settings(self) -> Iterator[Setting]:
        """Yield every scalar, every empty container (`[]`) and the settings of each alias.

        Each path begins with the number of its document. Raises PartlyReadError after the last
        setting if something is too deep or too late, BrokenYamlError where the text stops being
        YAML.
        """
        found: list[Setting] = []
        error: PartlyReadError | None = None
        try:
            found.extend(self._walk(_whole))
        except PartlyReadError as caught:
            error = caught
        yield from _decoded(found)
        if error is not None:
            raise error

    def _walk(
        self, walk: Callable[[Iterator[yaml.Event], bytes, _Offsets], Iterator[Setting]]
    ) -> Iterator[Setting]:
        """Yield the settings of a walk over the events. Raises PartlyReadError."""
        try:
            yield from walk(self._replay(), self._data, self._offsets)
        except PartlyReadError:
            raise
        except TooDeepError as error:
            raise PartlyReadError(TOO_DEEP) from error
        except (yaml.YAMLError, UnicodeError, ValueError) as error:
            mark = getattr(error, 'problem_mark', None)
            raise BrokenYamlError(self._offsets.byte_at(mark)) from error

    def _parse(self) -> Iterator[yaml.Event]:
        return parse_events(self._text)

    def _replay(self) -> Iterator[yaml.Event]:
        """Yield the events that were parsed before, then the remaining ones.

        Raises the error that ended them.
        """
        if self._events is None:
            yield from self._parse()
            return
        yield from self._events
        if self._error is not None:
            raise self._error
        try:
            for event in self._source:
                self._events.append(event)
                yield event
        except Exception as error:
            self._error = error
            raise


def _printable(text: str) -> str:
    """Replace the characters that YAML forbids, one for one."""
    return _FORBIDDEN.sub('\ufffd', text)


class _Offsets:
    """A mapping from characters to bytes: exact for ASCII, else by a table of wide characters."""

    def __init__(self, text: str) -> None:
        self._wide: list[int] = []
        self._extra: list[int] = []
        total = 0
        if not text.isascii():
            for wide in _WIDE.finditer(text):
                char = wide.group()
                total += 0 if '\udc80' <= char <= '\udcff' else len(char.encode()) - 1
                self._wide.append(wide.start())
                self._extra.append(total)

    def byte_at(self, mark: YamlMark | None) -> int:
        """Return the byte offset of a mark; the events of a scanner all have marks."""
        index = 0 if mark is None or mark.index is None else mark.index
        place = bisect_right(self._wide, index - 1)
        return index + (self._extra[place - 1] if place else 0)


def _walk(events: Iterator[yaml.Event], data: bytes, offsets: _Offsets) -> Iterator[Setting]:
    # [key or None, index or None]; a mapping that waits for a key has neither
    stack: list[list[Any]] = []
    anchors: dict[str, Setting] = {}
    for event in events:
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(stack) >= MAX_LEVELS:
                return
            stack.append([None, None if isinstance(event, yaml.MappingStartEvent) else 0])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
            _step(stack)
        elif isinstance(event, yaml.AliasEvent):
            if stack and stack[-1][1] is None and stack[-1][0] is None:
                stack[-1][0] = event.anchor
            else:
                if event.anchor in anchors:
                    yield anchors[event.anchor]._replace(
                        path=tuple(str(key if index is None else index) for key, index in stack)
                    )
                _step(stack)
        elif isinstance(event, yaml.ScalarEvent):
            if stack and stack[-1][1] is None and stack[-1][0] is None:
                stack[-1][0] = event.value
            else:
                setting = _setting(event, stack, data, offsets)
                anchors[event.anchor or ''] = setting
                yield setting
                _step(stack)


def _whole(events: Iterator[yaml.Event], data: bytes, offsets: _Offsets) -> Iterator[Setting]:
    """Yield all settings with those that `document` adds."""
    tree = _Whole(data, offsets)
    for event in events:
        tree.here()
        if isinstance(event, yaml.DocumentStartEvent):
            tree.number += 1
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            tree.open(event, None if isinstance(event, yaml.MappingStartEvent) else 0)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            yield from tree.close(event)
        elif isinstance(event, yaml.AliasEvent | yaml.ScalarEvent) and tree.waits_for_key():
            tree.stack[-1][0] = event.anchor if isinstance(event, yaml.AliasEvent) else event.value
        elif isinstance(event, yaml.AliasEvent):
            yield from tree.repeat(event)
        elif isinstance(event, yaml.ScalarEvent):
            yield from tree.scalar(event)


class _Whole:
    """The position of a walk over a document, and the values of its anchors."""

    def __init__(self, data: bytes, offsets: _Offsets) -> None:
        self.number = -1
        self.stack: list[list[Any]] = []  # as in `_walk`
        self._data = data
        self._offsets = offsets
        self._path: tuple[str, ...] = ()
        # anchor, path, how many settings before it, first byte
        self._opened: list[tuple[str | None, tuple[str, ...], int, int]] = []
        self._anchors: dict[str, list[Setting]] = {}
        self._made: list[Setting] = []
        self._copies = 0

    def here(self) -> None:
        """Keep the path of the next event."""
        self._path = (
            str(self.number),
            *(str(key if index is None else index) for key, index in self.stack),
        )

    def waits_for_key(self) -> bool:
        """Tell whether a scalar would be the key of a mapping."""
        return bool(self.stack) and self.stack[-1][1] is None and self.stack[-1][0] is None

    def open(
        self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, index: int | None
    ) -> None:
        """Open a mapping (index None) or a list."""
        if len(self.stack) >= MAX_LEVELS:
            raise PartlyReadError(TOO_DEEP)
        if len(self._made) > _MOST:
            raise PartlyReadError(f'more than {_MOST} values: the rest is not read as a document')
        self._opened.append(
            (event.anchor, self._path, len(self._made), self._offsets.byte_at(event.start_mark))
        )
        self.stack.append([None, index])

    def close(self, event: yaml.MappingEndEvent | yaml.SequenceEndEvent) -> Iterator[Setting]:
        """Close a mapping or a list; an empty one is a setting."""
        self.stack.pop()
        anchor, path, before, start = self._opened.pop()
        if len(self._made) == before:
            yield self._give(Setting(path, b'[]', start, self._offsets.byte_at(event.end_mark)))
        if anchor:
            self._anchors[anchor] = [
                setting._replace(path=setting.path[len(path) :]) for setting in self._made[before:]
            ]
        _step(self.stack)

    def repeat(self, event: yaml.AliasEvent) -> Iterator[Setting]:
        """Yield the settings that an alias repeats."""
        for setting in self._anchors.get(event.anchor or '', ()):
            if self._copies >= _MOST_COPIES:
                raise PartlyReadError(
                    f'aliases that expand to more than {_MOST_COPIES} values: '
                    'the rest is not read as a document'
                )
            self._copies += 1
            yield self._give(setting._replace(path=self._path + setting.path))
        _step(self.stack)

    def scalar(self, event: yaml.ScalarEvent) -> Iterator[Setting]:
        """Yield a value."""
        setting = _setting(event, self.stack, self._data, self._offsets)
        if event.anchor:
            self._anchors[event.anchor] = [setting._replace(path=())]
        yield self._give(setting._replace(path=(str(self.number), *setting.path)))
        _step(self.stack)

    def _give(self, setting: Setting) -> Setting:
        self._made.append(setting)
        return setting


def _step(stack: list[list[Any]]) -> None:
    """Complete a value of the innermost container."""
    if stack:
        if stack[-1][1] is None:
            stack[-1][0] = None
        else:
            stack[-1][1] += 1


def _setting(
    event: yaml.ScalarEvent, stack: list[list[Any]], data: bytes, offsets: _Offsets
) -> Setting:
    path = tuple(str(key if index is None else index) for key, index in stack)
    start, end = offsets.byte_at(event.start_mark), offsets.byte_at(event.end_mark)
    properties = _PROPERTIES.match(data, start, end) if event.anchor or event.tag else None
    start = properties.end() if properties else start
    value = event.value.encode('utf-8', 'surrogateescape')
    if event.style in ('"', "'"):
        start, end = start + 1, end - 1
    elif event.style in ('|', '>'):
        start = data.find(b'\n', start) + 1
        end = start + len(data[start:end].rstrip())
        start += len(data[start:end]) - len(data[start:end].lstrip())
    return Setting(path, value.strip() if event.style in ('|', '>') else value, start, end)


def _decoded(found: list[Setting]) -> Iterator[Setting]:
    """Decode the values below `data` of a Kubernetes Secret, which are base64.

    Source: kubernetes.io, Secret v1.
    """
    is_secret = any(s.path[-1:] == ('kind',) and s.value == b'Secret' for s in found)
    for setting in found:
        if is_secret and 'data' in setting.path[:-1]:
            try:
                value = base64.b64decode(b''.join(setting.value.split()), validate=True).strip()
            except (binascii.Error, ValueError):
                value = setting.value
            yield Setting(setting.path, value, setting.start, setting.end)
        else:
            yield setting
