"""Find the texts that a file binds to names, for constant expressions."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex

# The text allowed before a name that is bound on its line.
_BEFORE = defer_regex(
    rb'(?:\A|[\n;{(,])[ \t]*'
    rb'(?:(?:export|const|let|var|final|static|private|public|protected|readonly|String|string'
    rb'|auto)[ \t]+)'
    rb'{0,5}(?:self\.|this\.)?\Z'
)
# A binding of a name; if the group `text` took part, to a text and nothing else.
_BINDING = defer_regex(
    rb'[ \t]*(?::[ \t]*[\w.\[\]]{1,30}[ \t]*)?:?=(?!=)[ \t]*'  # a type may precede the sign
    rb'(?:[rbuRBU]{0,2}(?P<quote>["\'`])(?P<text>[^"\'`\\\n$]{0,400})(?P=quote)'
    rb'[ \t]*(?:;|,)?[ \t]*(?:#.*|//.*)?\r?(?:\n|\Z))?'
)
_SIGNS = (b' =', b'=', b':', b' :', b'  ')
# Names this long are rare and searched for once; shorter ones with each possible sign after them.
_MIN_RARE_BYTES = 4
# Larger files are bundles, which bind short names again and again.
_LARGE_BYTES = 1 << 17
# The most bytes between the beginning of a line and a name on it.
_LINE_BYTES = 120
_MAX_NAMES = 500
# The number of places that are checked for all names of a file together.
_MAX_PLACES = 5_000
# A search of this many bytes for a name costs as much as one such place: in a page of megabytes
# only a few names are searched for.
_BYTES_PER_PLACE = 4096


class ConstantNames:
    """The names that a file binds to one text and to nothing else.

    Each name is searched for on first use.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known: dict[bytes, bytes | None] = {}
        self._places_left = _MAX_PLACES

    def get(self, name: bytes) -> bytes | None:
        """Return the text that a name is bound to, None for a name that is not a constant."""
        if name not in self._known:
            is_reused = len(name) < _MIN_RARE_BYTES and len(self._data) > _LARGE_BYTES
            if is_reused or len(self._known) > _MAX_NAMES:
                return None
            found = set(self._find_bindings(name))
            self._known[name] = found.pop() if len(found) == 1 else None
        return self._known[name]

    def _find_bindings(self, name: bytes) -> Iterator[bytes | None]:
        """Yield each text that the name is bound to, None for a binding to anything else."""
        for sign in (b'',) if len(name) >= _MIN_RARE_BYTES else _SIGNS:
            yield from self._find_before_sign(name, sign)

    def _find_before_sign(self, name: bytes, sign: bytes) -> Iterator[bytes | None]:
        data, size = self._data, len(name)
        self._places_left -= len(data) // _BYTES_PER_PLACE
        at = data.find(name + sign) if self._places_left > 0 else -1
        while at >= 0:
            if data.startswith(_SIGNS, at + size):
                self._places_left -= 1
                if self._places_left < 0:
                    yield None
                    return
                binding = _BINDING.match(data, at + size)
                if binding and _BEFORE.search(data[max(0, at - _LINE_BYTES) : at]):
                    yield binding['text']
                    if binding['text'] is None:
                        return
            at = data.find(name + sign, at + size)
