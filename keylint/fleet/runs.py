"""Runs of a fleet in the store: which repositories a run is about, and what it did with each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection, bindparam, func, insert, select, update

from keylint._version import __version__
from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.fleet.database import Store
from keylint.fleet.owner_key import OwnerKey
from keylint.fleet.schema import facts, repositories, runs, visits
from keylint.fleet.targets import FleetTarget, identify_target

# Targets that are registered in one transaction.
_BATCH = 500
_MARK = b'the key of this store'


class StoredRun(NamedTuple):
    """A run: its number, and whether it goes on with what an earlier process began."""

    id: int
    is_resumed: bool


class Waiting(NamedTuple):
    """A repository that a run has not looked at yet, and what the last whole look saw."""

    id: int
    name: str
    path: str
    state: bytes


def check_key(connection: Connection, key: OwnerKey, shown: str) -> None:
    """Hold the key against the store, and bind a new store to it. Raises SourceError."""
    own = key.make_digest('check', _MARK)
    query = select(facts.c.value).where(facts.c.name == 'key')
    known = connection.execute(query).scalar()
    if known is None:
        connection.execute(insert(facts).values(name='key', value=own))
    elif bytes(known) != own:
        raise SourceError(f'{shown}: made with another key of the fleet: --key names its file')


def begin_run(connection: Connection, settings: bytes, now: str) -> StoredRun:
    """Begin a run, or go on with the last one if it ended early and would do the same."""
    last = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(1)).first()
    if last is not None and last.status != 'complete':
        if bytes(last.settings) == settings:
            change = update(runs).where(runs.c.id == last.id)
            connection.execute(change.values(status='running', ended=None))
            return StoredRun(last.id, True)
        change = update(runs).where(runs.c.id == last.id)
        connection.execute(change.values(status='abandoned', ended=now))
    added = connection.execute(
        insert(runs).values(started=now, status='running', version=__version__, settings=settings)
    )
    return StoredRun(_read_new_id(added.inserted_primary_key), False)


def _read_new_id(key: Sequence[object] | None) -> int:
    assert key is not None  # noqa: S101 - an INSERT has one
    return int(str(key[0]))


def end_run(connection: Connection, run: int, status: str, now: str) -> None:
    """Note how a run ended: `complete` or `interrupted`."""
    connection.execute(update(runs).where(runs.c.id == run).values(status=status, ended=now))


def register_targets(store: Store, run: int, targets: Iterable[FleetTarget]) -> None:
    """Note what a run is about, in small transactions; no name comes twice.

    What is registered already stays as it is, so that a run can go on.
    """
    rest = iter(targets)
    while batch := list(islice(rest, _BATCH)):
        rows = {identify_target(target.name): _describe_target(target) for target in batch}
        with store.begin() as connection:
            _keep_repositories(connection, rows)
            _keep_visits(connection, run, rows)


def _describe_target(target: FleetTarget) -> dict[str, object]:
    return {
        'path': os.fsencode(target.path),
        'name': target.name.encode('utf-8', 'replace').decode(),
        'team': target.team.encode('utf-8', 'replace').decode(),
        'tags': json.dumps(target.tags),
    }


def _keep_repositories(connection: Connection, rows: Mapping[bytes, dict[str, object]]) -> None:
    """Insert repositories, or update where they are and whose."""
    own = repositories.c
    query = select(own.identity).where(own.identity.in_(rows))
    known = set(map(bytes, connection.execute(query).scalars()))
    new = [{'identity': one, **values} for one, values in rows.items() if one not in known]
    changed = [{'wanted': one, **rows[one]} for one in known]
    if new:
        connection.execute(insert(repositories), new)
    if changed:
        change = update(repositories).where(own.identity == bindparam('wanted'))
        connection.execute(change, changed)


def _keep_visits(connection: Connection, run: int, identities: Iterable[bytes]) -> None:
    """Let repositories wait for a look of the run, but those that it knows already."""
    own = repositories.c
    is_known = select(visits).where(visits.c.run_id == run, visits.c.repository_id == own.id)
    query = select(own.id).where(own.identity.in_(identities), ~is_known.exists())
    new = [
        {'run_id': run, 'repository_id': number, 'status': 'waiting'}
        for number in connection.execute(query).scalars()
    ]
    if new:
        connection.execute(insert(visits), new)


def list_waiting(store: Store, run: int, count: int = 200) -> Iterator[Waiting]:
    """Yield what a run has still to look at, a page at a time."""
    last = 0
    while True:
        with store.begin() as connection:
            rows = connection.execute(
                select(repositories)
                .join(visits, visits.c.repository_id == repositories.c.id)
                .where(visits.c.run_id == run, visits.c.status == 'waiting')
                .where(repositories.c.id > last)
                .order_by(repositories.c.id)
                .limit(count)
            ).all()
        for row in rows:
            yield Waiting(row.id, row.name, os.fsdecode(row.path), bytes(row.state or b''))
        if len(rows) < count:
            return
        last = rows[-1].id


class RunStatus(NamedTuple):
    """A run by its number, and how far it is: `running`, `complete`, `interrupted`, `abandoned`."""

    id: int
    status: str
    started: str


class Tally(NamedTuple):
    """What a run has done so far: repositories by status, and bytes."""

    statuses: dict[str, int]
    objects: int
    bytes: int

    @property
    def total(self) -> int:
        """How many repositories the run is about."""
        return sum(self.statuses.values())


def count_visits(connection: Connection, run: int) -> Tally:
    """Count the repositories of a run by what was done with them."""
    own = visits.c
    rows = connection.execute(
        select(own.status, func.count(), func.sum(own.objects), func.sum(own.bytes))
        .where(own.run_id == run)
        .group_by(own.status)
    ).all()
    return Tally(
        {row[0]: row[1] for row in rows},
        int(sum(row[2] for row in rows)),
        int(sum(row[3] for row in rows)),
    )


def find_run(connection: Connection, wanted: str) -> RunStatus:
    """Find a run by its number, or the last one for `last`. Raises SourceError."""
    query = select(runs.c.id, runs.c.status, runs.c.started).order_by(runs.c.id.desc()).limit(1)
    if wanted != 'last':
        if not (wanted.isascii() and wanted.isdigit()):
            raise SourceError('a run is named by its number, or `last`')
        query = query.where(runs.c.id == min(int(wanted), 2**31 - 1))
    found = connection.execute(query).first()
    if found is None:
        raise SourceError('the store has no such run')
    return RunStatus(*found)
