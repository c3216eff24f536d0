"""Endings of copies: `keys.csv.bak`, `bot.db.1`, `settings.yaml~` are read like their originals."""

from __future__ import annotations

TYPE_CHECKING = False  # the front of the hook does not import it
if TYPE_CHECKING:
    from collections.abc import Container

_COPIES = frozenset(
    'bak old orig save dist example sample template tmpl default local copy backup'.split()
)
# These mean a copy only after a known ending: `keys.csv.txt`, but not `requirements.dev.txt`.
_PERHAPS = frozenset(
    """txt tmp temp bk bkp sav prev previous disabled rej mine theirs base swp part download
    new""".split()
)


def split_copied_name(path: str, known: Container[str]) -> list[str]:
    """Split the last name of a path at its dots, in lower case, without endings of copies.

    `known` are the endings that have a meaning.
    """
    name = path.replace('\\', '/').rsplit('/', 1)[-1].lower().rstrip('~')
    parts = name.split('.')
    while len(parts) > 2 and (
        parts[-1] in _COPIES
        or (_may_be_copy(parts[-1]) and (parts[-2] in known or parts[-2] in _COPIES))
    ):
        parts.pop()
    return parts


def is_copy_ending(ending: str) -> bool:
    """Tell whether an ending, in lower case, may be that of a copy."""
    return ending in _COPIES or _may_be_copy(ending)


def _may_be_copy(ending: str) -> bool:
    """Tell whether an ending is one of `_PERHAPS`, or of either kind with a number: `bak2`, `1`."""
    word = ending.rstrip('0123456789-_~')
    return word in _PERHAPS or word in _COPIES or (not word and ending != '')
