"""Make the rows of a fleet's report: by credential, by exchange, by team, by repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, select

from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.terms import SEVERITIES
from keylint.fleet.codec import unpack
from keylint.fleet.credentials import StoredCredential, StoredFinding
from keylint.fleet.schema import findings

_NO_TEAM, _NO_ISSUER = '(no team)', '(unknown issuer)'
_MAX_PLACES = 20
# Credentials, and findings, that are read with one query.
_BATCH = 500


class FleetTable(NamedTuple):
    """A table for every format: what its rows are, the names of its columns, the rows."""

    kind: str
    columns: tuple[str, ...]
    rows: list[tuple[str | int, ...]]


class CredentialDetails(NamedTuple):
    """What a report says of a credential beside its row: what it is, where, what to do first."""

    title: str
    places: tuple[str, ...]
    more: int
    do: tuple[str, ...]


_COLUMNS = (
    'order', 'credential', 'title', 'issuer', 'severity', 'environment', 'repositories', 'teams',
    'heads', 'first_seen', 'on_remote', 'state', 'where', 'do',
)  # fmt: skip


def tabulate_credentials(connection: Connection, found: Sequence[StoredCredential]) -> FleetTable:
    """Make a row for each credential, in the order in which they should be revoked."""
    rows: list[tuple[str | int, ...]] = []
    for number, (one, details) in enumerate(list_details(connection, found), 1):
        more = f' and {details.more} more' if details.more else ''
        rows.append(
            (
                number,
                one.name,
                details.title,
                one.first.issuer,
                one.first.severity,
                one.first.environment,
                len(one.repositories),
                ', '.join(one.teams),
                one.heads,
                one.first_seen,
                'yes' if one.on_remote else '',
                one.first.state,
                '; '.join(details.places) + more,
                details.do[0] if details.do else '',
            )
        )
    return FleetTable('credential', _COLUMNS, rows)


def list_details(
    connection: Connection, found: Sequence[StoredCredential], most: int | None = _MAX_PLACES
) -> Iterator[tuple[StoredCredential, CredentialDetails]]:
    """Yield each credential with what it is and its places, the worst ones first.

    They are read for many credentials at a time: a query for each would take most of a report.
    `most` is how many places are read of each; None for all.
    """
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        data = _read_findings(connection, [one.id for it in batch for one in it.findings[:most]])
        for credential in batch:
            shown = credential.findings[:most]
            places = tuple(
                f'{one.repository}: {data[one.id].path}:{data[one.id].place.line}' for one in shown
            )
            first, more = data[shown[0].id], len(credential.findings) - len(shown)
            yield credential, CredentialDetails(first.title, places, more, first.do)


def _read_findings(connection: Connection, wanted: Sequence[int]) -> dict[int, Finding]:
    """Read findings by their numbers, a limited count of them with each query."""
    found = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = findings.c.id.in_(wanted[start : start + _BATCH])
        for row in connection.execute(select(findings.c.id, findings.c.data).where(chosen)):
            found[row.id] = unpack(Finding, bytes(row.data))
    return found


def tabulate_groups(kind: str, found: Sequence[StoredCredential]) -> FleetTable:
    """Make a row for each exchange, team or repository, the one with the worst first."""
    choose = _CHOICES[kind]
    groups: dict[str, list[tuple[StoredCredential, StoredFinding]]] = {}
    for one in found:
        for finding in one.findings:
            groups.setdefault(choose(finding), []).append((one, finding))
    rows = [(name, *_summarise_group(group)) for name, group in groups.items()]
    rows.sort(key=lambda row: (-SEVERITIES.index(row[2]), -int(row[1]), row[0]))
    columns = (kind, 'credentials', 'worst', 'live', 'repositories', 'heads', 'first_seen', 'with')
    return FleetTable(kind, columns, [tuple(row) for row in rows])


_CHOICES: dict[str, Callable[[StoredFinding], str]] = {
    'exchange': lambda finding: finding.issuer or _NO_ISSUER,
    'team': lambda finding: finding.team or _NO_TEAM,
    'repository': lambda finding: finding.repository,
}


def _summarise_group(
    group: Iterable[tuple[StoredCredential, StoredFinding]],
) -> Iterator[str | int]:
    """Yield the columns of a group: what it holds, and with whom it shares that."""
    rows = list(group)
    names = {one.name for one, _ in rows}
    inside = {finding.repository for _, finding in rows}
    others = {name for one, _ in rows for name in one.repositories} - inside
    yield len(names)
    yield max((finding.severity for _, finding in rows), key=SEVERITIES.index)
    yield len({one.name for one, finding in rows if finding.environment == 'live'})
    yield len(inside)
    yield len({finding.repository for _, finding in rows if finding.in_head})
    yield min((finding.first_seen for _, finding in rows if finding.first_seen), default='')[:10]
    yield f'shared with {len(others)} more' if others else ''
