"""Write a SARIF file for each repository of a fleet, as its own scan would."""

from __future__ import annotations

import os
import re
from io import StringIO

from sqlalchemy import Connection, select

from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.model import Finding
from keylint.core.report import Failure, Report
from keylint.findings.foreign_text import redact_report
from keylint.fleet.codec import unpack
from keylint.fleet.schema import failures, findings, repositories, sightings, visits
from keylint.reporters import load_reporter
from keylint.reporters.outputs import write_file

_UNSAFE = re.compile(r'[^A-Za-z0-9._-]+')
_MAX_NAME_CHARS = 80


def write_sarif_files(connection: Connection, folder: str, team: str | None) -> int:
    """Write a file for each repository that has findings or failures; return how many.

    Raises SourceError if the folder cannot be made.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise SourceError(f'{folder}: cannot be made: {error.strerror}') from None
    query = select(repositories.c.id, repositories.c.name).order_by(repositories.c.id)
    if team is not None:
        query = query.where(repositories.c.team == team)
    count = 0
    for number, name in connection.execute(query).all():
        report = read_report(connection, number)
        if report.findings or report.failures:
            stream = StringIO(newline='')
            load_reporter('sarif')(redact_report(report), Config(), stream, False)
            write_file(os.path.join(folder, name_file(number, name)), stream.getvalue())
            count += 1
    return count


def name_file(number: int, name: str) -> str:
    """Name the file of a repository: by its number, as names may be alike, and by its name."""
    shown = _UNSAFE.sub('-', name).strip('-.')[-_MAX_NAME_CHARS:]
    return f'{number}-{shown}.sarif' if shown else f'{number}.sarif'


def read_report(connection: Connection, repository: int) -> Report:
    """Read what the last look at a repository has found, and what it could not look at."""
    report = Report('object')
    query = (
        select(findings.c.data)
        .join(sightings, sightings.c.finding_id == findings.c.id)
        .where(findings.c.repository_id == repository, sightings.c.to_run.is_(None))
        .order_by(findings.c.id)
    )
    report.findings = [unpack(Finding, bytes(row.data)) for row in connection.execute(query)]
    last = select(visits.c.run_id).where(visits.c.repository_id == repository)
    newest = connection.execute(last.order_by(visits.c.run_id.desc()).limit(1)).scalar()
    own = failures.c
    named = select(own.path, own.stage, own.error).where(
        own.run_id == newest, own.repository_id == repository
    )
    report.failures = [Failure(*row) for row in connection.execute(named)]
    report.sort()
    return report
