"""Find the bindings of a name that may be in force at a place of a module."""

from __future__ import annotations

from keylint.readers.python_ast import dotted_name
from keylint.readers.python_outline import Binding, Outline, Spot


def find_bindings(outline: Outline, name: str, spot: Spot) -> list[Binding]:
    """Return the bindings of a name that may be in force at a spot.

    In the same scope those that no later one replaces, elsewhere all.
    """
    bindings, bound = outline.bindings, outline.bound
    last = name.rpartition('.')[2]
    if last not in bound and name not in bound and name.partition('.')[2] not in bound:
        return []  # as most names are: of modules, of parameters
    if name.startswith(('self.', 'cls.')):
        attribute = name.partition('.')[2]
        mine = _find_attribute_bindings(outline, spot.owner, attribute, ())
        return mine or [
            one for owner in outline.methods for one in bindings.get((owner, attribute), ())
        ]
    for depth in range(len(spot.scope), -1, -1):
        place: object = (spot.owner, *spot.scope[:depth]) if depth else ()
        found = bindings.get((place, name))
        if found:
            return _select_in_force(found, spot) if depth == len(spot.scope) else found
    if '.' in name:
        attribute = name.rsplit('.', 1)[-1]
        return [one for owner in outline.methods for one in bindings.get((owner, attribute), ())]
    return []


def _find_attribute_bindings(
    outline: Outline, owner: str, attribute: str, seen: tuple[str, ...]
) -> list[Binding]:
    found = outline.bindings.get((owner, attribute), [])
    if found or owner in seen:
        return found
    for base, _ in outline.bases.get(owner, ()):
        found = found or _find_attribute_bindings(
            outline, dotted_name(base), attribute, (*seen, owner)
        )
    return found


def _select_in_force(found: list[Binding], spot: Spot) -> list[Binding]:
    """Return bindings that no later one on every way to the spot replaces.

    Those before it, or (in loops) behind it.
    """
    before = [one for one in found if one.spot.line <= spot.line]
    kept = [one for one in found if one.way in ('held', 'argument', 'annotation')]
    for one in reversed([one for one in before if one not in kept]):
        arms = dict(spot.branches)
        if any(arms.get(node, arm) != arm for node, arm in one.spot.branches):
            continue
        kept.append(one)
        if spot.branches[: len(one.spot.branches)] == one.spot.branches:
            break
    return kept or found
