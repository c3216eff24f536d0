"""A write-ahead log of SQLite without its database: the tables that it contains completely."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.archives.budget import Budget
from keylint.archives.members import Member, Unreadable
from keylint.archives.sqlite import read_rows
from keylint.archives.sqlite_log import apply_log


def members(name: str, data: bytes, budget: Budget) -> Iterator[Member | Unreadable]:
    """Yield the tables of a log that begins with its database; the others need the database."""
    image = apply_log(b'', data, budget.limits.held)
    if image.startswith(b'SQLite format 3\x00'):
        for item in read_rows(image, budget):
            if isinstance(item, Member):  # the log is complete even if the database has more pages
                yield item
