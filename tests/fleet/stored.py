"""What a store holds, for tests."""

from __future__ import annotations

from sqlalchemy import select

from keylint.core.model import Finding
from keylint.fleet.codec import unpack
from keylint.fleet.database import Store
from keylint.fleet.schema import findings, repositories


def read_found(store: Store) -> dict[str, list[Finding]]:
    """Map the names of repositories to their findings, in the order of a report."""
    query = select(repositories.c.name, findings.c.data).join(
        repositories, repositories.c.id == findings.c.repository_id
    )
    found: dict[str, list[Finding]] = {}
    with store.begin() as connection:
        for row in connection.execute(query.order_by(findings.c.id)):
            found.setdefault(row[0], []).append(unpack(Finding, bytes(row[1])))
    return found
