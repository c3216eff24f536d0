"""Find the smallest set of boxes that grants what is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from keylint.core.records import NamedTuple
from keylint.core.terms import PERMISSIONS, Permission
from keylint.rules.box_types import Box, KeyPage


class Cover(NamedTuple):
    """Boxes to tick, in the order of the page, and the permissions that no known box grants.

    `refused` are those that a finer use takes, and that withdraw or manage keys as well.
    """

    boxes: tuple[Box, ...]
    missing: tuple[Permission, ...]
    refused: tuple[Box, ...] = ()


def cover_needs(page: KeyPage, needed: Collection[str], uses: Collection[str] = ()) -> Cover:
    """Return the boxes that grant all that is needed, as little else as possible, and are few.

    A key always reads, where a box says so. Sets of boxes for a use (`uses` are finer than
    permissions) come before what one box grants. Boxes that exclude each other never go together.
    """
    offered = page.offered
    wanted = [one for one in PERMISSIONS if one in needed or one == 'read']
    grantable = {one for box in offered for one in box.permissions}
    missing = tuple(one for one in wanted if one not in grantable and one != 'read')
    wanted = [one for one in wanted if one in grantable]
    fixed = _list_use_cases(page, wanted, uses)
    rest = [one for one in wanted if all(one not in box.permissions for box in fixed)]
    best = min(_list_covers(offered, fixed, rest), key=lambda boxes: _weigh(boxes, wanted, offered))
    ticked = tuple(box for box in offered if box in best)
    granted = {one for box in ticked for one in box.permissions}
    left = tuple(one for one in wanted if one not in granted and one in needed)
    used = [box for use in uses for box in page.list_boxes_for(use)]
    refused = tuple(box for box in used if _opens_far_more(box, wanted) and box not in ticked)
    return Cover(ticked, missing + left, refused)


def _opens_far_more(box: Box, wanted: Collection[str]) -> bool:
    """Tell whether a box lets somebody empty or take over the account, without need."""
    return any(one in box.permissions and one not in wanted for one in ('withdraw', 'admin'))


def _list_use_cases(
    page: KeyPage, wanted: Sequence[Permission], uses: Collection[str]
) -> list[Box]:
    """List the boxes for finer uses, and for permissions that no box so far grants.

    Boxes that an earlier one excludes are left out.
    """
    found: list[Box] = []
    for use in (*reversed(wanted), *uses):
        if any(use in box.permissions for box in found):
            continue
        for box in page.list_boxes_for(use):
            is_refused = use in uses and _opens_far_more(box, wanted)
            if box.is_offered and box not in found and not is_refused:
                found = _complete([*found, box], page.offered) or found
    return found


def _list_covers(
    offered: Sequence[Box], fixed: list[Box], rest: Sequence[Permission]
) -> Iterator[list[Box]]:
    """List all sets of boxes that grant the rest beside the fixed ones; these alone, if none do.

    Of boxes that are alike the first stands for all.
    """
    alike: dict[tuple[object, ...], Box] = {}
    for box in offered:
        if set(box.permissions) & set(rest):
            alike.setdefault((box.permissions, box.needs, box.excludes), box)
    is_any = False
    for size in range(len(rest) + 1):
        for more in combinations(alike.values(), size):
            whole = _complete([*fixed, *more], offered)
            granted = {one for box in whole or () for one in box.permissions}
            if whole is not None and granted.issuperset(rest):
                is_any = True
                yield whole
    if not is_any:
        yield fixed


def _complete(boxes: Sequence[Box], offered: Sequence[Box]) -> list[Box] | None:
    """Add the boxes that others need; None where two exclude each other."""
    found = list(boxes)
    for box in found:
        found += [other for other in offered if other.label in box.needs and other not in found]
    labels = {box.label for box in found}
    return None if any(labels & set(box.excludes) for box in found) else found


def _weigh(
    boxes: Sequence[Box], wanted: Collection[str], offered: Sequence[Box]
) -> tuple[int, int, list[int]]:
    """Weigh a set of boxes: what it grants for nothing, how many they are, how late they stand."""
    granted = {one for box in boxes for one in box.permissions}
    beyond = sum(2 ** PERMISSIONS.index(one) for one in granted if one not in wanted)
    return beyond, len(boxes), sorted(offered.index(box) for box in boxes)
