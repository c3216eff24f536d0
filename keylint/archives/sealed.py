"""Archives that keylint recognises but does not open: 7z and rar. They are reported as unread."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable

_FORMATS = {b'7z': '7z', b'Ra': 'rar'}


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield no member, and the reason."""
    yield Unreadable(
        '',
        f'{_FORMATS[data[:2]]} archives are not opened: unpack it to look into it, or exclude it',
    )
