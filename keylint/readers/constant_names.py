"""Find the texts that a file binds to names, for constant expressions."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.late_patterns import defer_regex

# What may stand before a name that is bound on its line.
_BEFORE = defer_regex(
    rb'(?:\A|[\n;{(,])[ \t]*'
    rb'(?:(?:export|const|let|var|final|static|private|public|protected|readonly|String|string'
    rb'|auto)[ \t]+)'
    rb'{0,5}(?:self\.|this\.)?\Z'
)
# What binds a name, to a text and nothing else where the group `text` took part.
_BINDING = defer_regex(
    rb'[ \t]*(?::[ \t]*[\w.\[\]]{1,30}[ \t]*)?:?=(?!=)[ \t]*'  # a type may stand before the sign
    rb'(?:[rbuRBU]{0,2}(?P<quote>["\'`])(?P<text>[^"\'`\\\n$]{0,400})(?P=quote)'
    rb'[ \t]*(?:;|,)?[ \t]*(?:#.*|//.*)?\r?(?:\n|\Z))?'
)
_SIGNS = (b' =', b'=', b':', b' :', b'  ')
# Names so long are rare: they are looked for once, shorter ones with each sign behind them.
_MIN_RARE_BYTES = 4
# In larger files a shorter name is bound again and again: they are bundles.
_LARGE_BYTES = 1 << 17
# Bytes before a name in which its line begins.
_LINE_BYTES = 120
_MAX_NAMES = 500
# Places at which the names of a file are looked at, all together.
_MAX_PLACES = 5_000
# Bytes that are searched for a name at the cost of one such place: in a page of megabytes only a
# few names are looked for.
_BYTES_PER_PLACE = 4096


class ConstantNames:
    """Know the names that a file binds to one text and to nothing else.

    Each is searched when it is first asked for.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known: dict[bytes, bytes | None] = {}
        self._places_left = _MAX_PLACES

    def get(self, name: bytes) -> bytes | None:
        """Return the text that a name stands for, None for a name that is no constant."""
        if name not in self._known:
            is_reused = len(name) < _MIN_RARE_BYTES and len(self._data) > _LARGE_BYTES
            if is_reused or len(self._known) > _MAX_NAMES:
                return None
            found = set(self._find_bindings(name))
            self._known[name] = found.pop() if len(found) == 1 else None
        return self._known[name]

    def _find_bindings(self, name: bytes) -> Iterator[bytes | None]:
        """Yield each text that the name is bound to, None where it is bound to something else."""
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
