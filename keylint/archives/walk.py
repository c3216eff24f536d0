"""Through carriers in carriers: every member that is no carrier itself, one at a time, and everything that could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

from keylint.archives import MODULES, kind_of
from keylint.core.limits import Budget, Exceeded, Limits, Member, Trouble
from keylint.core.report import Failure

STAGE = 'unpack'
_BETWEEN = '!/'


class Found(NamedTuple):
    """A member on the way to be scanned: the names of all carriers around it, its own last unless its lines have labels, and what it is."""

    container: str
    member: Member


def walk(path: str, data: bytes, limits: Limits) -> Iterator[Found | Failure]:
    """The members of a blob. A carrier inside is given as a member, too, and then opened."""
    name = path.rsplit('/', 1)[-1]
    kind = kind_of(path, data)
    if kind is None:
        return
    budget = Budget(limits)
    try:
        yield from _opened(path, name, kind, data, 1, budget)
    except Exceeded as limit:
        yield Failure(path, STAGE, f'{limit}: the rest was not looked at')


def _opened(
    path: str, container: str, kind: str, data: bytes, depth: int, budget: Budget
) -> Iterator[Found | Failure]:
    if depth > budget.limits.depth:
        yield Failure(
            path, STAGE, f'{container}: nested more than {budget.limits.depth} deep: not opened'
        )
        return
    if depth > 1 and not budget.hold(len(data)):
        yield Failure(
            path, STAGE, f'{container}: the carriers around it are too large to keep: not opened'
        )
        return
    read = import_module(f'keylint.archives.{MODULES[kind]}').members
    for item in read(container, data, budget):
        if isinstance(item, Trouble):
            where = (
                f'{_below(container, item.name, budget.limits)}: ' if item.name or depth > 1 else ''
            )
            yield Failure(path, STAGE, f'{where}{item.why}')
            continue
        budget.count()
        inner = _below(container, item.name, budget.limits)
        yield Found(container if item.labels else inner, item)
        below = kind_of(item.name, item.data) if not item.labels else None
        if below is not None:
            yield from _opened(path, inner, below, item.data, depth + 1, budget)
    if depth > 1:
        budget.release(len(data))


def _below(container: str, name: str, limits: Limits) -> str:
    """The name of a member under its carrier. A name is a label and no path: nothing is ever written under it."""
    if not name:
        return container
    shown = (
        name
        if len(name) <= limits.shown
        else f'{name[: limits.shown // 2]}…{name[-limits.shown // 2 :]}'
    )
    return f'{container}{_BETWEEN}{shown.lstrip("/")}'
