"""Files that keylint recognises but does not open, or whose content does not match their names.

They are reported as unread.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives import find_sealed, list_endings
from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable

_ARCHIVES = ('archives', 'files', 'cabinets', 'packages', 'images', 'themselves', 'PyInstaller')


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield no member, only the reason."""
    what = find_sealed(name, data)
    if what is None:
        ending = list_endings(name)
        yield Unreadable(
            '',
            f'called .{ending}, but its first bytes are of no such file: '
            'damaged or something else, only tokens that name themselves were looked for',
        )
        return
    is_archive = what.endswith(_ARCHIVES)
    how = 'unpack it to look into it' if is_archive else 'look into it with its own program'
    yield Unreadable('', f'{what} are not opened: {how}, or exclude it')
