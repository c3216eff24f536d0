"""Bytes to scan and where they came from.

Annotations are evaluated here: as texts each field's would be compiled on import.
"""

from typing import NamedTuple


class Origin(NamedTuple):
    """One place where a blob was seen."""

    path: str
    commit: str | None = None


class Blob(NamedTuple):
    """Bytes and the place they came from."""

    data: bytes
    origin: Origin


class UnreadFile(NamedTuple):
    """A file that a worker will open: the name for the system, and the path to report."""

    name: str
    path: str
