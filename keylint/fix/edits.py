"""The nouns of repairs, and edits put into bytes from the last to the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Unfixable(ValueError):
    """Why a finding is left as it is, in words for the user."""


class Edit(NamedTuple):
    """`text` takes the place of the bytes `start:end`."""

    start: int
    end: int
    text: bytes


class Spot(NamedTuple):
    """A part of a credential in a file: its bytes, its role, and the name that it should get in the environment."""

    start: int
    end: int
    role: str
    name: str


class Move(NamedTuple):
    """A value on its way to a `.env`. It holds the value, so nothing prints it."""

    name: str
    value: str

    def __repr__(self) -> str:
        return f'Move({self.name!r}, …)'


class Repaired(NamedTuple):
    """A file's new bytes, the values that leave it, and what to tell. `folder` is where their `.env` belongs, None for the top."""

    data: bytes
    moves: tuple[Move, ...]
    says: str
    folder: str | None = None


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with all edits in them. Edits must not overlap."""
    for edit in sorted(edits, reverse=True):
        data = data[: edit.start] + edit.text + data[edit.end :]
    return data


def ending_of(data: bytes) -> bytes:
    """The line ending of a text."""
    return b'\r\n' if b'\r\n' in data else b'\n'
