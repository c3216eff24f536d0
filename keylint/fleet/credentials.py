"""Join the findings of all repositories to credentials: one key is one item, wherever it stands.

Findings belong together where their leading values are the same, and where all values of one are
values of another, as copies within a repository do. Only keyed digests are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Select, select

from keylint.core.records import NamedTuple
from keylint.core.terms import SEVERITIES
from keylint.fleet.schema import findings, parts, repositories, sightings

# What a thief could use at once comes first.
_ENVIRONMENTS = ('live', 'unknown', 'testnet', 'paper')
_NAME_CHARS = 12


class StoredFinding(NamedTuple):
    """A finding of a repository, without its texts."""

    id: int
    repository_id: int
    repository: str
    team: str
    rule: str
    issuer: str
    severity: str
    environment: str
    state: str
    is_counted: bool
    in_head: bool
    on_remote: bool
    first_seen: str


class StoredCredential(NamedTuple):
    """A credential: its findings, the worst one first.

    `name` is the beginning of a digest that nobody but the owner of the fleet can make.
    """

    name: str
    findings: tuple[StoredFinding, ...]

    @property
    def first(self) -> StoredFinding:
        """The finding that shows what it is."""
        return self.findings[0]

    @property
    def repositories(self) -> tuple[str, ...]:
        """The names of the repositories that hold it."""
        return tuple(sorted({one.repository for one in self.findings}))

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams of those repositories."""
        return tuple(sorted({one.team for one in self.findings if one.team}))

    @property
    def heads(self) -> int:
        """In how many repositories it still stands in what is checked out."""
        return len({one.repository_id for one in self.findings if one.in_head})

    @property
    def on_remote(self) -> bool:
        """Whether a remote has it, as far as the repositories know."""
        return any(one.on_remote for one in self.findings)

    @property
    def first_seen(self) -> str:
        """The day of the oldest commit that holds it; empty where no commit does."""
        return min((one.first_seen for one in self.findings if one.first_seen), default='')[:10]

    @property
    def is_counted(self) -> bool:
        """Whether it fails a run."""
        return any(one.is_counted for one in self.findings)


def select_present() -> Select[*tuple[object, ...]]:
    """Select the findings that the last look at each repository has seen."""
    own, owner = findings.c, repositories.c
    return (
        select(
            own.id, own.repository_id, owner.name, owner.team, own.rule, own.issuer, own.severity,
            own.environment, own.state, own.is_counted, own.in_head, own.on_remote, own.first_seen,
        )
        .join(repositories, owner.id == own.repository_id)
        .join(sightings, sightings.c.finding_id == own.id)
        .where(sightings.c.to_run.is_(None))
        .order_by(own.id)
    )  # fmt: skip


def read_credentials(
    connection: Connection, *, team: str | None = None, with_accepted: bool = False
) -> list[StoredCredential]:
    """Read the credentials of a fleet, in the order in which they should be revoked."""
    query = select_present()
    if team is not None:
        query = query.where(repositories.c.team == team)
    if not with_accepted:
        query = query.where(findings.c.state == 'open')
    rows = map(StoredFinding._make, connection.execute(query))
    found = {one.id: one for one in rows}
    digests: dict[int, list[bytes]] = {}
    leads: dict[int, bytes] = {}
    for number, digest, is_lead in _read_parts(connection):
        if number in found:
            digests.setdefault(number, []).append(digest)
            if is_lead:
                leads[number] = digest
    groups = group_findings(digests, leads)
    return sort_for_revocation(
        StoredCredential(
            leads[group[0]].hex()[:_NAME_CHARS],
            tuple(sorted((found[one] for one in group), key=_rank_finding)),
        )
        for group in groups
    )


def _read_parts(connection: Connection) -> Iterator[tuple[int, bytes, bool]]:
    query = select(parts).order_by(parts.c.finding_id)
    for row in connection.execute(query):
        yield row.finding_id, bytes(row.digest), row.is_lead


def group_findings(digests: dict[int, list[bytes]], leads: dict[int, bytes]) -> list[list[int]]:
    """Group findings, the one with most values first in each group.

    `digests` has the values of each finding, `leads` the leading one.
    """
    order = sorted(digests, key=lambda number: (-len(digests[number]), number))
    groups: list[list[int]] = []
    by_lead: dict[bytes, int] = {}
    holders: dict[bytes, dict[frozenset[bytes], int]] = {}
    for number in order:
        own = frozenset(digests[number])
        place = by_lead.get(leads[number])
        if place is None:
            larger = holders.get(next(iter(own)), {})
            place = next((found for values, found in larger.items() if own < values), None)
        if place is None:
            place = len(groups)
            groups.append([])
        groups[place].append(number)
        by_lead.setdefault(leads[number], place)
        for digest in own:
            holders.setdefault(digest, {}).setdefault(own, place)
    return groups


def _rank_finding(finding: StoredFinding) -> tuple[object, ...]:
    return (
        finding.state != 'open',
        -SEVERITIES.index(finding.severity),
        not finding.in_head,
        finding.repository,
        finding.id,
    )


def sort_for_revocation(found: Iterable[StoredCredential]) -> list[StoredCredential]:
    """Sort credentials: what does most harm, is easiest to find and is most widely known first.

    That is by severity, live before unknown before test keys, then what a remote has, what is still
    in a head, what most repositories hold, what has been known longest.
    """

    def rank(one: StoredCredential) -> tuple[object, ...]:
        worst = max(SEVERITIES.index(item.severity) for item in one.findings)
        return (
            one.first.state != 'open',
            -worst,
            min(_rank_environment(item.environment) for item in one.findings),
            not one.on_remote,
            one.heads == 0,
            -len(one.repositories),
            one.first_seen or '9',
            one.name,
        )

    return sorted(found, key=rank)


def _rank_environment(environment: str) -> int:
    return _ENVIRONMENTS.index(environment) if environment in _ENVIRONMENTS else 1
