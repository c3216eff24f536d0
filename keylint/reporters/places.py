"""Paths as CI systems want them: from the root of the repository, wherever keylint was started."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from copy import copy

from keylint.core.model import Finding
from keylint.core.relative_paths import path_below, path_from_root
from keylint.core.report import Report


def root_of(paths: Sequence[str]) -> str:
    """The top of the work tree that holds the first path, else the working directory, else the scanned folder outside it."""
    here = os.getcwd()
    first = os.path.abspath(paths[0]) if paths and paths[0] != '-' else here
    start = first if os.path.isdir(first) else os.path.dirname(first)
    folder = start
    while not os.path.exists(os.path.join(folder, '.git')):
        parent = os.path.dirname(folder)
        if parent == folder:
            return here if path_below(here, start) is not None else start
        folder = parent
    return folder


def rooted(report: Report, root: str, base: str) -> Report:
    """The report with its paths, which were seen from `base`, seen from `root`."""
    known: dict[str, str] = {}

    def moved(path: str) -> str:
        if path not in known:
            known[path] = path_from_root(path, root, base)
        return known[path]

    shown = copy(report)
    shown.findings = [_moved(finding, moved) for finding in report.findings]
    shown.findings.sort(key=lambda f: (f.path, f.place.line, f.place.column, f.rule, f.fingerprint))
    shown.failures = [failure._replace(path=moved(failure.path)) for failure in report.failures]
    shown.warnings = [warned._replace(path=moved(warned.path)) for warned in report.warnings]
    return shown


def _moved(finding: Finding, moved: Callable[[str], str]) -> Finding:
    """A finding with other paths, also where its message names the places of the calls that it speaks of."""
    message = finding.message
    for other in finding.related:
        message = message.replace(
            f'({other.path}:{other.place.line})', f'({moved(other.path)}:{other.place.line})'
        )
    related = tuple(other._replace(path=moved(other.path)) for other in finding.related)
    return finding._replace(path=moved(finding.path), message=message, related=related)


def uri(path: str) -> str:
    """A relative reference, or a `file:` URI for an absolute path: every byte that is not plain is percent-encoded (RFC 3986)."""
    from urllib.parse import quote  # noqa: PLC0415 - only for formats that write URIs

    encoded = quote(os.fsencode(path), safe='/')
    if path.startswith('/'):
        return f'file://{encoded}'
    return f'file:///{encoded}' if os.path.isabs(path) else encoded
