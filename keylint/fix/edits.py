"""Define the data types of repairs, and apply edits to bytes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from keylint.core.records import NamedTuple
from keylint.core.spans import Lines


class UnfixableError(ValueError):
    """Raised where a finding is left as it is; the message says why in words for the user."""


class Edit(NamedTuple):
    """Replace the bytes `start:end` with `text`."""

    start: int
    end: int
    text: bytes


class SecretSpan(NamedTuple):
    """Say where a part of a credential is in a file (bytes), its kind, and its future name.

    `name` is what the variable of the environment should be called.
    """

    start: int
    end: int
    role: str
    name: str


class MovedValue(NamedTuple):
    """Carry a value to a `.env`. It holds the secret, so its `repr` does not show it."""

    name: str
    value: str

    def __repr__(self) -> str:
        return f'Move({self.name!r}, …)'


class RepairedFile(NamedTuple):
    """Hold a file's new bytes, the values that leave it, and what to tell the user.

    `folder` is where their `.env` belongs, None for the top of the repository.
    """

    data: bytes
    moves: tuple[MovedValue, ...]
    says: str
    folder: str | None = None


def apply_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes with all edits made, the last one first. Edits must not overlap."""
    for edit in sorted(edits, reverse=True):
        data = data[: edit.start] + edit.text + data[edit.end :]
    return data


def find_line_ending(data: bytes) -> bytes:
    """Return the line ending to write into a text."""
    return b'\r\n' if b'\r\n' in data else b'\n'


def split_lines(data: bytes) -> list[bytes]:
    """Split a text into its lines, each with its ending."""
    starts = [*Lines(data).starts, len(data)]
    return [data[start:end] for start, end in pairwise(starts) if start < end]
