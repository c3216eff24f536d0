"""What a container yields: its members, and notes on those that could not be read."""

from __future__ import annotations

from keylint.core.limits import MB
from keylint.core.records import NamedTuple


class DamagedError(ValueError):
    """Report a broken format, in keylint's own words: they quote nothing of it."""


def describe_damage(error: BaseException) -> str:
    """Describe what is wrong with a format; for errors of Python's own, give only the type.

    Their texts quote the bytes that caused them.
    """
    return str(error) if isinstance(error, DamagedError) else type(error).__name__


class Member(NamedTuple):
    """A blob from a container.

    `form` is the file ending of a text that keylint wrote itself; `labels` then has a label for
    each of its lines.
    """

    name: str
    data: bytes
    form: str = ''
    labels: tuple[str, ...] = ()


class Unreadable(NamedTuple):
    """Name a member that could not be read (empty for the container itself), and the reason."""

    name: str
    reason: str


def describe_cut(max_bytes: int) -> str:
    """Say that only the first `max_bytes` bytes of a member were looked at."""
    return f'larger than {max_bytes // MB} MB: only the beginning was looked at'
