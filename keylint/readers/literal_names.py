"""Find the names that literals of a program are assigned to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from keylint.readers.literal_tokens import CALLS, LEADS, TOKEN

# The distances before a literal at which the search for its name begins, before all is read.
_NAME_BYTES = (512, 8192)


class NameSearch:
    """Read a text for the last name before each literal, in the order of the literals."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._read = 0  # all names up to here are known
        self._state = _NameState(b'', 0)

    def find_before(self, start: int, ends: Sequence[int], depths: Sequence[int]) -> str:
        """Return the name before `start`; tokens end at `ends`, `depths` brackets deep.

        It is usually close; if it is not, all text since the last such name is read.
        """
        name = None
        for reach in _NAME_BYTES:
            first = bisect_right(ends, max(0, start - reach))
            # Behind a part that was passed in one step the next token may be far.
            close = max(0, first - 1)
            if start - ends[close] > 2 * reach and first < len(ends) and ends[first] < start:
                close = first
            if name is None and ends[close] > self._read:
                near = _NameState(None, depths[close])
                near.read(self._data, ends[close], start)
                name = near.name
        if name is None:
            self._state.read(self._data, self._read, start)
            self._read = start
            name = self._state.name or b''
        return name.decode('utf-8', 'replace')


class _NameState:
    """The last name so far, or the last one with a type before an `=`; None if there is none."""

    def __init__(self, name: bytes | None, depth: int) -> None:
        self.name = name
        self._depth = depth
        self._typed: bytes | None = b''  # a name with a type
        self._type_start = 0

    def read(self, data: bytes, first: int, last: int) -> None:
        """Read the tokens between two offsets."""
        for token in TOKEN.finditer(data, first, last):
            text, kind = token.group(), token.lastgroup
            if kind == 'open':
                self._depth += 1
            elif kind == 'close':
                self._depth = max(0, self._depth - 1)
            elif kind == 'name' and text not in LEADS and text not in CALLS:
                self.name = text
            elif text == b';':
                self.name = b''
            elif text == b':' and not self._depth:
                self._typed, self._type_start = self.name, token.end()
            elif text == b'=' and self._typed != b'':
                if not self._depth and b'\n' not in data[self._type_start : token.start()]:
                    self.name = self._typed
                self._typed = b''
