"""The cached gate: the database that sees every text first, and the kinds of its patterns.

Separate from loading the rules, because the front of the hook reads it too.
"""

from __future__ import annotations

import marshal


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
    """Return the body of the cache file."""
    return marshal.dumps((gate.tokens, gate.plugins, gate.kinds, gate.database))


def unpack_gate(data: bytes) -> GateFile | None:
    """Read the body of a cache file; None for one in another format."""
    try:
        tokens, plugins, kinds, database = marshal.loads(data)  # noqa: S302 - our own file
    except (EOFError, ValueError, TypeError):
        return None
    return GateFile(tokens, plugins, kinds, database)
