"""Walk through nested containers, one member at a time."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from keylint.archives import MODULES, identify_container
from keylint.archives.budget import Budget, BudgetExceededError
from keylint.archives.members import Member, Unreadable
from keylint.core.limits import Limits
from keylint.core.records import NamedTuple
from keylint.core.report import Failure

STAGE = 'unpack'
_SEPARATOR = '!/'


class LocatedMember(NamedTuple):
    """A member to scan, and its location.

    `container` joins the names of all containers around the member and its own name; a member whose
    lines have labels leaves out its own.
    """

    container: str
    member: Member


def walk_members(path: str, data: bytes, limits: Limits) -> Iterator[LocatedMember | Failure]:
    """Yield the members of a blob, and a failure for everything that could not be read.

    A nested container is yielded as a member first, then opened.
    """
    name = path.rsplit('/', 1)[-1]
    kind = identify_container(path, data)
    if kind is None:
        return
    walker = _Walker(path, Budget(limits))
    try:
        yield from walker.open_container(name, kind, data, 1)
    except BudgetExceededError as limit:
        yield Failure(path, STAGE, f'{limit}: the rest was not looked at')


class _Walker:
    """Open the containers of one blob under one budget."""

    def __init__(self, path: str, budget: Budget) -> None:
        self._path = path
        self._budget = budget

    def open_container(
        self, container: str, kind: str, data: bytes, depth: int
    ) -> Iterator[LocatedMember | Failure]:
        """Yield the members of a container and of those in it. `depth` is 1 for the blob itself."""
        refusal = self._refuse(len(data), depth)
        if refusal:
            yield Failure(self._path, STAGE, f'{container}: {refusal}: not opened')
            return
        read_members = import_module(f'keylint.archives.{MODULES[kind]}').members
        for item in read_members(container, data, self._budget):
            if isinstance(item, Unreadable):
                yield self._describe_failure(container, item, depth)
                continue
            self._budget.count()
            inner = self._join_names(container, item.name)
            yield LocatedMember(container if item.labels else inner, item)
            below = None if item.labels else identify_container(item.name, item.data)
            if below is not None:
                yield from self.open_container(inner, below, item.data, depth + 1)
        if depth > 1:
            self._budget.release(len(data))

    def _refuse(self, size: int, depth: int) -> str:
        """Say why a container may not be opened, empty if it may; then reserve memory for it."""
        max_depth = self._budget.limits.depth
        if depth > max_depth:
            return f'nested more than {max_depth} deep'
        if depth > 1 and not self._budget.hold(size):
            return 'the carriers around it are too large to keep'
        return ''

    def _describe_failure(self, container: str, item: Unreadable, depth: int) -> Failure:
        if not item.name and depth == 1:
            return Failure(self._path, STAGE, item.reason)
        where = self._join_names(container, item.name)
        return Failure(self._path, STAGE, f'{where}: {item.reason}')

    def _join_names(self, container: str, name: str) -> str:
        """Append a member's name to its container's.

        The name is only a label and never used as a path: nothing is written to disk under it.
        """
        if not name:
            return container
        longest = self._budget.limits.shown
        if len(name) > longest:
            name = f'{name[: longest // 2]}…{name[-longest // 2 :]}'
        return f'{container}{_SEPARATOR}{name.lstrip("/")}'
