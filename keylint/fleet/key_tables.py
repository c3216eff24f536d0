"""Join what the repositories of a fleet declare, use and leak of keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from keylint.core.records import NamedTuple
from keylint.fleet.codec import unpack
from keylint.fleet.credentials import StoredCredential
from keylint.fleet.report_rows import FleetTable
from keylint.fleet.schema import keys, repositories
from keylint.policies.key_table import KeyRow

_NO_TEAM, _UNKNOWN = '(no team)', '(unknown)'
_MAX_PLACES = 5


class OwnedKey(NamedTuple):
    """A row of `keylint keys`, and the repository and the team that it is of."""

    repository: str
    team: str
    row: KeyRow

    @property
    def is_declared(self) -> bool:
        """Whether somebody has said what the key may do."""
        return self.row.declared is not None


def read_owned_keys(connection: Connection) -> list[OwnedKey]:
    """Read the keys of all repositories."""
    owner = repositories.c
    query = (
        select(owner.name, owner.team, keys.c.data)
        .join(repositories, owner.id == keys.c.repository_id)
        .order_by(owner.name, keys.c.number)
    )
    return [
        OwnedKey(row.name, row.team, unpack(KeyRow, bytes(row.data)))
        for row in connection.execute(query)
    ]


def tabulate_keys(found: Iterable[OwnedKey]) -> FleetTable:
    """Make a row for each key; what several repositories say of one exchange's key is one row.

    A label that several repositories declare is a key that applications share. `declared` is empty
    where nobody says what the key may do.
    """
    groups: dict[tuple[str, ...], list[OwnedKey]] = {}
    for one in found:
        groups.setdefault(_describe_key(one.row), []).append(one)
    rows: list[tuple[str | int, ...]] = []
    for said, group in groups.items():
        owners = sorted({one.repository for one in group})
        teams = ', '.join(sorted({one.team for one in group if one.team}))
        places = [f'{one.repository}: {one.row.place}' for one in group[:_MAX_PLACES]]
        more = f' and {len(group) - _MAX_PLACES} more' if len(group) > _MAX_PLACES else ''
        rows.append((*said, len(owners), teams, '; '.join(places) + more))
    columns = (
        'exchange', 'label', 'environment', 'declared', 'needed', 'could_lose', 'verdict', 'source',
        'repositories', 'teams', 'where',
    )  # fmt: skip
    return FleetTable('key', columns, sorted(rows, key=repr))


def _describe_key(row: KeyRow) -> tuple[str, ...]:
    least = '' if row.is_exact else 'at least '
    return (
        row.exchange or _UNKNOWN,
        row.label,
        row.environment,
        ', '.join(row.declared) if row.declared is not None else '',
        f'{least}{", ".join(row.needed)}' if row.needed is not None else '',
        ', '.join(row.excess),
        row.verdict,
        row.source,
    )


def tabulate_shared(found: Sequence[StoredCredential]) -> FleetTable:
    """Make a row for each credential whose value stands in more than one repository."""
    rows: list[tuple[str | int, ...]] = [
        (
            one.name,
            one.first.issuer or _UNKNOWN,
            one.first.severity,
            len(one.repositories),
            ', '.join(one.teams),
            one.heads,
            '; '.join(one.repositories),
        )
        for one in found
        if len(one.repositories) > 1
    ]
    columns = ('credential', 'issuer', 'severity', 'repositories', 'teams', 'heads', 'where')
    return FleetTable('shared', columns, rows)


def tabulate_teams(
    found: Iterable[OwnedKey], credentials: Iterable[StoredCredential]
) -> FleetTable:
    """Make a row for each team and exchange: keys declared, used undeclared, leaked."""
    counts: dict[tuple[str, str], list[set[str]]] = {}

    def note(team: str, exchange: str, column: int, name: str) -> None:
        key = team or _NO_TEAM, exchange or _UNKNOWN
        counts.setdefault(key, [set(), set(), set()])[column].add(name)

    for key in found:
        name = f'{key.repository}\0{key.row.label}\0{key.row.place}'
        note(key.team, key.row.exchange or '', 0 if key.is_declared else 1, name)
    for one in credentials:
        for finding in one.findings:
            note(finding.team, finding.issuer, 2, one.name)
    rows: list[tuple[str | int, ...]] = [
        (team, exchange, *map(len, sets)) for (team, exchange), sets in sorted(counts.items())
    ]
    return FleetTable('team', ('team', 'exchange', 'declared', 'undeclared', 'leaked'), rows)
