"""Write what became of units into the store. Each answer is one transaction; twice is as once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, delete, insert, select, update

from keylint.core.report import Failure
from keylint.fleet.codec import unpack
from keylint.fleet.schema import (
    chunks,
    failures,
    findings,
    keys,
    looked,
    parts,
    plans,
    repositories,
    sightings,
    visits,
)
from keylint.fleet.units import ChunkAnswer, FoundSecret, UnitAnswer

_MAX_TEXT = 2000


def save_answer(connection: Connection, run: int, answer: UnitAnswer) -> None:
    """Keep what a run has learned of a repository, so that it need not look at it again."""
    if answer.kind == 'plan':
        _save_plan(connection, answer)
    elif answer.kind == 'chunk':
        _save_chunk(connection, answer)
    elif answer.kind == 'done':
        _save_whole_look(connection, run, answer)
    elif answer.kind == 'unchanged':
        _set_visit(connection, run, answer, 'unchanged')
    elif answer.kind == 'failed':
        _save_failures(connection, run, answer.repository, answer.failures)
        _set_visit(connection, run, answer, 'failed')
        _drop_plan(connection, answer.repository)
    elif answer.kind == 'changed':
        _keep_clean(connection, answer)
        _drop_plan(connection, answer.repository)


def _set_visit(connection: Connection, run: int, answer: UnitAnswer, status: str) -> None:
    own = visits.c
    connection.execute(
        update(visits)
        .where(own.run_id == run, own.repository_id == answer.repository)
        .values(
            status=status,
            objects=answer.objects,
            bytes=answer.bytes,
            seconds=own.seconds + answer.seconds,
            hidden=answer.hidden,
            skipped=answer.skipped,
        )
    )


def _save_failures(
    connection: Connection, run: int, repository: int, found: Iterable[Failure]
) -> None:
    own = failures.c
    connection.execute(delete(failures).where(own.run_id == run, own.repository_id == repository))
    rows = [
        {
            'run_id': run,
            'repository_id': repository,
            'path': make_column(failure.path),
            'stage': failure.stage,
            'error': make_column(failure.error),
        }
        for failure in found
    ]
    if rows:
        connection.execute(insert(failures), rows)


def make_column(text: str) -> str:
    """Make a text one that every database takes: bytes that are no text are replaced."""
    return text.encode('utf-8', 'replace').decode().replace('\x00', '')[:_MAX_TEXT]


def _save_plan(connection: Connection, answer: UnitAnswer) -> None:
    _drop_plan(connection, answer.repository)
    row = insert(plans).values(repository_id=answer.repository, digest=answer.plan)
    connection.execute(row)
    rows = [
        {'repository_id': answer.repository, 'number': number, 'objects': objects}
        for number, objects in enumerate(answer.chunks)
    ]
    connection.execute(insert(chunks), rows)


def _drop_plan(connection: Connection, repository: int) -> None:
    connection.execute(delete(chunks).where(chunks.c.repository_id == repository))
    connection.execute(delete(plans).where(plans.c.repository_id == repository))


def _keep_clean(connection: Connection, answer: UnitAnswer) -> None:
    """Keep what the chunks of an outdated plan found clean."""
    state, keys_before = read_known(connection, answer.repository)
    found = [keys_before] if state == answer.known_state else []
    answers = filter(None, read_chunk_answers(connection, answer.repository))
    found += [unpack(ChunkAnswer, data).clean for data in answers]
    connection.execute(delete(looked).where(looked.c.repository_id == answer.repository))
    values = {'state': answer.known_state, 'keys': b''.join(found)}
    connection.execute(insert(looked).values(repository_id=answer.repository, **values))


def _save_chunk(connection: Connection, answer: UnitAnswer) -> None:
    own = chunks.c
    connection.execute(
        update(chunks)
        .where(own.repository_id == answer.repository, own.number == answer.number)
        .values(answer=answer.chunks[0])
    )


def _save_whole_look(connection: Connection, run: int, answer: UnitAnswer) -> None:
    """Replace what was known of a repository by what was found now.

    Its state is kept only where nothing failed: else the next run looks again.
    """
    number = answer.repository
    _save_failures(connection, run, number, answer.failures)
    _save_found(connection, run, number, answer.found)
    connection.execute(delete(keys).where(keys.c.repository_id == number))
    if answer.keys:
        rows = [
            {'repository_id': number, 'number': place, 'data': data}
            for place, data in enumerate(answer.keys)
        ]
        connection.execute(insert(keys), rows)
    connection.execute(delete(looked).where(looked.c.repository_id == number))
    values = {'repository_id': number, 'state': answer.known_state, 'keys': answer.clean}
    connection.execute(insert(looked).values(**values))
    state = answer.state if not answer.failures else None
    change = update(repositories).where(repositories.c.id == number).values(state=state)
    connection.execute(change)
    _drop_plan(connection, number)
    _set_visit(connection, run, answer, 'done')


def _save_found(
    connection: Connection, run: int, repository: int, found: Sequence[FoundSecret]
) -> None:
    query = select(findings.c.id, findings.c.uid).where(findings.c.repository_id == repository)
    known: dict[str, int] = {row.uid: row.id for row in connection.execute(query)}
    present = set()
    for secret in found:
        number = _save_secret(connection, repository, secret, known.get(secret.uid))
        present.add(number)
        _open_sighting(connection, run, number, secret.state)
    for number in known.values():
        if number not in present:
            _close_sighting(connection, run, number)


def _save_secret(
    connection: Connection, repository: int, secret: FoundSecret, number: int | None
) -> int:
    values = secret._asdict()
    digests = values.pop('digests')
    values |= {'repository_id': repository, 'first_seen': secret.first_seen[:32]}
    if number is None:
        key = connection.execute(insert(findings).values(**values)).inserted_primary_key
        number = int(key[0] if key else 0)
    else:
        connection.execute(update(findings).where(findings.c.id == number).values(**values))
        connection.execute(delete(parts).where(parts.c.finding_id == number))
    rows = [
        {'finding_id': number, 'digest': digest, 'is_lead': digest == digests[0]}
        for digest in dict.fromkeys(digests)
    ]
    if rows:
        connection.execute(insert(parts), rows)
    return number


def _open_sighting(connection: Connection, run: int, finding: int, state: str) -> None:
    """Note that a run has seen a finding in a state; what it was before ends with that run."""
    own = sightings.c
    last = connection.execute(
        select(sightings).where(own.finding_id == finding).order_by(own.from_run.desc()).limit(1)
    ).first()
    if last is not None and last.to_run is None and last.state == state:
        return
    if last is not None and last.from_run == run:
        change = update(sightings).where(own.finding_id == finding, own.from_run == run)
        connection.execute(change.values(state=state, to_run=None))
        return
    _close_sighting(connection, run, finding)
    row = insert(sightings).values(finding_id=finding, from_run=run, state=state)
    connection.execute(row)


def _close_sighting(connection: Connection, run: int, finding: int) -> None:
    own = sightings.c
    is_open = and_(own.finding_id == finding, own.to_run.is_(None))
    connection.execute(update(sightings).where(is_open).values(to_run=run))


def read_known(connection: Connection, repository: int) -> tuple[bytes, bytes]:
    """Return which objects of a repository were found clean, and for which state that holds."""
    row = connection.execute(select(looked).where(looked.c.repository_id == repository)).first()
    return (bytes(row.state), bytes(row.keys)) if row is not None else (b'', b'')


def read_plan(connection: Connection, repository: int) -> tuple[bytes, list[int]] | None:
    """Return the digest of how a history was cut, and the chunks that are still to be scanned."""
    own = chunks.c
    query = select(plans.c.digest).where(plans.c.repository_id == repository)
    digest = connection.execute(query).scalar()
    if digest is None:
        return None
    left = select(own.number).where(own.repository_id == repository, own.answer.is_(None))
    return bytes(digest), list(connection.execute(left.order_by(own.number)).scalars())


def read_chunk(connection: Connection, repository: int, number: int) -> bytes:
    """Return the objects of a chunk, packed."""
    own = chunks.c
    query = select(own.objects).where(own.repository_id == repository, own.number == number)
    return bytes(connection.execute(query).scalar_one())


def read_chunk_answers(connection: Connection, repository: int) -> tuple[bytes, ...]:
    """Return what the scans of all chunks of a repository gave, in their order."""
    own = chunks.c
    query = select(own.answer).where(own.repository_id == repository).order_by(own.number)
    return tuple(bytes(answer or b'') for answer in connection.execute(query).scalars())
