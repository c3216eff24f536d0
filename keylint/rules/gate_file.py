"""The cached gate: the database that sees every text first, and the kinds of its patterns.

Separate from loading the rules, because the front of the hook reads it too.
"""

from __future__ import annotations

import marshal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import hyperscan

# What the front of the hook has loaded, for the ordinary way to take once.
_held: dict[bytes, tuple[GateFile, hyperscan.Database]] = {}


class GateFile:
    """A serialised database, the kinds of its patterns in order, and two counts of patterns.

    `tokens` and `plugins` are the numbers of patterns of these two kinds. It is not a named tuple,
    because making the class of one takes as long as scanning ten files.
    """

    def __init__(self, tokens: int, plugins: int, kinds: tuple[str, ...], database: bytes) -> None:
        self.tokens = tokens
        self.plugins = plugins
        self.kinds = kinds
        self.database = database


def pack_gate(gate: GateFile) -> bytes:
    """Return the body of the cache file, which ends with the database."""
    return marshal.dumps((gate.tokens, gate.plugins, gate.kinds, gate.database))


def unpack_gate(data: bytes) -> GateFile | None:
    """Read the body of a cache file; None for one in another format."""
    try:
        tokens, plugins, kinds, database = marshal.loads(data)  # noqa: S302 - our own file
    except (EOFError, ValueError, TypeError):
        return None
    return GateFile(tokens, plugins, kinds, database)


def hold_gate(state: bytes, gate: GateFile, database: hyperscan.Database) -> None:
    """Keep a gate and its database for whoever asks for it next in this process."""
    _held[state] = gate, database


def take_gate(state: bytes) -> tuple[GateFile, hyperscan.Database] | None:
    """Return the gate that is held for a state, once."""
    return _held.pop(state, None)
