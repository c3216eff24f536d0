"""Tell which boxes of a key are ticked for nothing.

A right is superfluous only if a whole box can go: people tick boxes, and a box grants all that it
grants.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from keylint.core.model import KeyDeclaration
from keylint.core.names import squeeze_name
from keylint.core.permission_words import describe_permissions
from keylint.core.records import NamedTuple
from keylint.core.terms import PERMISSIONS, Permission
from keylint.declarations.vocabulary import split_extent
from keylint.rules.box_types import Box, KeyPage
from keylint.rules.declaration_types import DeclarationSpec

_READ: frozenset[Permission] = frozenset({'read'})
_HEAVY: tuple[Permission, ...] = ('withdraw', 'admin', 'transfer')
TRADING: frozenset[Permission] = frozenset({'trade', 'margin', 'derivatives'})
# Ways to give rights of which no single one can be taken away.
_WHOLE = ('none',)
# Sources in which one field is one switch of the vendor's, whatever it grants.
_VENDORS = ('document', 'call')
_NOTHING = 'the code needs no rights'


class TickedBox(NamedTuple):
    """A box that a declaration has ticked.

    `own` is what the declaration's word grants, `permissions` all that may come with it. Of a plain
    word (`trade`) nobody can say which box it is: `is_exact` is False. A given one comes by itself.
    """

    word: str
    own: frozenset[Permission]
    permissions: frozenset[Permission]
    needs: tuple[str, ...] = ()
    label: str = ''
    is_given: bool = False

    @property
    def is_exact(self) -> bool:
        """Tell whether the declaration names the box itself."""
        return bool(self.label)


def list_ticked_boxes(
    declaration: KeyDeclaration, table: DeclarationSpec | None
) -> list[TickedBox]:
    """List the boxes behind all that a declaration grants."""
    declared = declaration.permissions or frozenset()
    grants = declaration.grants or tuple((one, frozenset({one})) for one in sorted(declared))
    boxes = table.page.boxes if table else ()
    found: dict[object, TickedBox] = {}
    for word, granted in grants:
        own = granted & declared
        box = find_box(word, boxes)
        if box is not None and own <= set(box.permissions):
            granting = frozenset(box.permissions) if own - _READ else own
            is_given = box.kind == 'given'
            ticked = [TickedBox(word, own, granting, box.needs, box.label, is_given)]
        else:
            ticked = [
                TickedBox(word, part, part | _list_companions(part, table))
                for part in ([own] if declaration.source in _VENDORS else _split_plain_word(own))
            ]
        for each in ticked:
            found.setdefault(each.label or (word, each.own), each)
    return list(found.values())


def _split_plain_word(own: frozenset[Permission]) -> list[frozenset[Permission]]:
    """Split what a plain word grants (`all`): trading of all kinds, and each thing beside it."""
    rest = [frozenset({one}) for one in PERMISSIONS if one in own - TRADING]
    return [own & TRADING, *rest] if own & TRADING or not rest else rest


def find_box(word: str, boxes: Sequence[Box]) -> Box | None:
    """Return the box that a word of a file names, also as the last part of a dotted path.

    Plain words name a box only where they are the exchange's very own.
    """
    names = (word, word.rsplit('.', 1)[-1], split_extent(word)[0])
    exact = next((box for name in names for box in boxes if name in box.words), None)
    if exact is not None or word in PERMISSIONS:
        return exact
    squeezed = {squeeze_name(name) for name in names}
    return next((box for box in boxes if squeezed & {squeeze_name(own) for own in box.words}), None)


def _list_companions(own: frozenset[Permission], table: DeclarationSpec | None) -> set[Permission]:
    """List what may come with the permissions of a plain word, of which the box is not known.

    `trade` says in plain words that a key may trade, wherever. Of other permissions all may come
    along that the narrowest box for them grants, and where nobody knows the boxes, one is taken to
    stand for all trading.
    """
    found: set[Permission] = set()
    offered = table.page.offered if table else []
    for permission in own - _READ:
        granting = [set(box.permissions) for box in offered if permission in box.permissions]
        least = min(map(len, granting), default=0)
        found |= {one for each in granting if len(each) == least for one in each}
        if permission == 'trade' or (permission in TRADING and not granting):
            found |= TRADING
    return found


def list_superfluous(
    declaration: KeyDeclaration,
    table: DeclarationSpec | None,
    needed: Collection[str],
    uses: Collection[str] = (),
) -> list[TickedBox]:
    """List the boxes that can go: what is needed stays granted without them.

    A box can go where it grants nothing that is needed, or where it grants more than is needed and
    the others cover that; never where one of the finer `uses` takes it.
    """
    if table is not None and table.page.rights in _WHOLE:
        return []
    page = table.page if table else KeyPage()
    used = {box.label for use in uses for box in page.list_boxes_for(use)}
    kept = [box for box in list_ticked_boxes(declaration, table) if box.label not in used]
    gone: list[TickedBox] = []
    for box in sorted(kept, key=_weigh_box, reverse=True):
        others = [other for other in kept if other is not box]
        if _can_go(box, others, needed):
            kept, gone = others, [*gone, box]
    return gone


def _weigh_box(box: TickedBox) -> list[bool]:
    """Weigh a box by the worst that it grants."""
    return [permission in box.own for permission in reversed(PERMISSIONS)]


def _can_go(box: TickedBox, others: list[TickedBox], needed: Collection[str]) -> bool:
    useful = {one for one in box.permissions if one in needed} - _READ
    if (
        box.is_given
        or not box.own - _READ
        or any(box.label in other.needs for other in others if box.label)
    ):
        return False
    if not useful:
        return True
    covered = {one for other in others if other.is_exact for one in other.permissions}
    beyond = box.permissions - set(needed) - _READ
    return box.is_exact and bool(beyond) and useful <= covered and not beyond <= covered


def describe_excess(boxes: Sequence[TickedBox], beyond: Collection[str]) -> str:
    """Describe what a key may do beyond a need, with the boxes that can go."""
    said = describe_permissions(beyond)
    labels = [box.label for box in boxes if box.label]
    return f'{said} ({", ".join(labels)})' if labels else said


def describe_need(needed: Collection[str]) -> str:
    """Describe what code needs of its key."""
    return f'the code needs to {describe_permissions(needed)}' if needed else _NOTHING


def list_heaviest(
    declaration: KeyDeclaration, table: DeclarationSpec | None
) -> frozenset[Permission]:
    """Return the worst permission of each box: nobody can take away the others alone.

    Withdrawing is worse than managing keys, and transfers are the least; those that come with the
    right to trade do not count.
    """
    found: set[Permission] = set()
    for box in list_ticked_boxes(declaration, table):
        heavy = [one for one in _HEAVY if one in box.own]
        if heavy and (heavy[0] != 'transfer' or not box.own & TRADING):
            found.add(heavy[0])
    return frozenset(found)


def list_separate(
    declaration: KeyDeclaration, table: DeclarationSpec | None
) -> frozenset[Permission]:
    """Return the permissions that were chosen by themselves.

    Transfers between the account's own wallets come with the right to trade at some exchanges:
    then nobody chose them, and nobody can take them away.
    """
    chosen: set[Permission] = set()
    for box in list_ticked_boxes(declaration, table):
        chosen |= box.own - {'transfer'} if box.own & TRADING else box.own
    return frozenset(chosen)
