"""Run a fleet: hand out units in a window, store each answer, go on where an earlier run ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Literal

from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.core.report import Failure
from keylint.fleet.database import Store
from keylint.fleet.executor import DoneUnit, Executor
from keylint.fleet.failures import describe_failure
from keylint.fleet.results import read_chunk, read_chunk_answers, read_known, read_plan, save_answer
from keylint.fleet.runs import Waiting, list_waiting
from keylint.fleet.units import UnitAnswer, UnitSettings, WorkUnit

# A repository that changes more often than this while it is looked at is left to the next run.
_MAX_CHANGES = 3


class _Order(NamedTuple):
    """A unit that is to be made: what for is in the store until it is handed out."""

    kind: Literal['repository', 'chunk', 'join']
    repository: Waiting
    number: int = 0


class _Cut(NamedTuple):
    """A large history in work: the digest of its plan, and its chunks without an answer."""

    plan: bytes
    left: set[int]


class FleetRun:
    """The work of one run. Memory is that of a window of units, however many repositories wait."""

    def __init__(
        self,
        store: Store,
        run: int,
        settings: UnitSettings,
        executor: Executor,
        note_answer: Callable[[UnitAnswer], None] = lambda answer: None,
    ) -> None:
        self._store = store
        self._run = run
        self._settings = settings
        self._executor = executor
        self._note_answer = note_answer
        self._waiting: Iterator[Waiting] = list_waiting(store, run)
        self._orders: deque[_Order] = deque()
        self._cuts: dict[int, _Cut] = {}
        self._changes: dict[int, int] = {}
        self._open: dict[int, tuple[Waiting, int]] = {}
        self._on_their_way = 0

    def do_all(self) -> None:
        """Do what the run has still to do. Raises SourceError; what is stored by then is kept."""
        while True:
            while self._on_their_way < self._executor.window and (order := self._take_order()):
                self._hand_out(order)
            if not self._on_their_way:
                return
            done = self._executor.take_done()
            self._on_their_way -= 1
            self._take_answer(done)

    def _take_order(self) -> _Order | None:
        """Take the next order: what has been begun comes first."""
        while not self._orders:
            waiting = next(self._waiting, None)
            if waiting is None:
                return None
            self._order_repository(waiting)
        return self._orders.popleft()

    def _order_repository(self, waiting: Waiting) -> None:
        """Order a look at a repository, or the rest of one that an earlier process has cut."""
        with self._store.begin() as connection:
            plan = read_plan(connection, waiting.id)
        if plan is None:
            self._orders.append(_Order('repository', waiting))
        else:
            self._order_chunks(waiting, *plan)

    def _order_chunks(self, waiting: Waiting, plan: bytes, left: list[int]) -> None:
        self._cuts[waiting.id] = _Cut(plan, set(left))
        self._orders.extend(_Order('chunk', waiting, number) for number in left)
        if not left:
            self._orders.append(_Order('join', waiting))

    def _hand_out(self, order: _Order) -> None:
        """Make a unit of an order, with what it needs of the store."""
        repository = order.repository
        unit = WorkUnit(self._settings, order.kind, repository.id, repository.path)
        with self._store.begin() as connection:
            if order.kind == 'chunk':
                objects = read_chunk(connection, repository.id, order.number)
                unit = unit._replace(number=order.number, objects=objects)
            else:
                state, known = read_known(connection, repository.id)
                unit = unit._replace(state=repository.state, known_state=state, known=known)
            if order.kind == 'join':
                answers = read_chunk_answers(connection, repository.id)
                unit = unit._replace(answers=answers, plan=self._cuts[repository.id].plan)
        count = self._open.get(repository.id, (repository, 0))[1]
        self._open[repository.id] = repository, count + 1
        self._on_their_way += 1
        self._executor.submit(unit)

    def _take_answer(self, done: DoneUnit) -> None:
        """Store an answer, and order what follows from it."""
        answer = done.answer or describe_failure(done.unit, done.why)
        if answer.kind == 'refused':
            raise SourceError(f'a worker has {answer.failures[0].error}')
        repository, count = self._open.pop(answer.repository)
        if count > 1:
            self._open[answer.repository] = repository, count - 1
        if answer.kind == 'changed':
            answer = self._count_change(answer)
        with self._store.begin() as connection:
            save_answer(connection, self._run, answer)
            plan = read_plan(connection, repository.id) if answer.kind == 'plan' else None
        if plan is not None:
            self._order_chunks(repository, *plan)
        elif answer.kind == 'chunk':
            cut = self._cuts[repository.id]
            cut.left.discard(answer.number)
            if not cut.left:
                self._orders.appendleft(_Order('join', repository))
        elif answer.kind == 'changed':
            self._orders.append(_Order('repository', repository))
        self._note_answer(answer)

    def _count_change(self, answer: UnitAnswer) -> UnitAnswer:
        """Plan a repository that has changed anew, but not for ever."""
        count = self._changes[answer.repository] = self._changes.get(answer.repository, 0) + 1
        if count <= _MAX_CHANGES:
            return answer
        failure = Failure('', 'scan', 'changes again and again while it is looked at')
        return answer._replace(kind='failed', failures=(failure,))
