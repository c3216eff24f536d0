"""Archives that keylint knows and does not open: 7z and rar. They are named, so that nobody takes them for looked at."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.limits import Budget, Member, Trouble

_NAMES = {b'7z': '7z', b'Ra': 'rar'}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Trouble]:
    """No member, and why."""
    yield Trouble(
        '', f'{_NAMES[data[:2]]} archives are not opened: unpack it to look into it, or exclude it'
    )
