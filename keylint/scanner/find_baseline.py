"""Find the baseline that applies to a request."""

from __future__ import annotations

import os

from keylint.core.config import Config
from keylint.scanner.request import ScanRequest
from keylint.sources.git import find_work_tree

# The name of a baseline where none is named.
BASELINE = '.keylint-baseline.json'


def find_baseline(request: ScanRequest, config: Config) -> str:
    """Return the baseline that was named, else the first that exists; empty for none."""
    if request.baseline.is_off:
        return ''
    named = request.baseline.path or config.baseline
    if named or request.overrides.isolated:
        return named
    return next((path for path in list_baseline_paths(request, config) if os.path.isfile(path)), '')


def list_baseline_paths(request: ScanRequest, config: Config) -> list[str]:
    """List where a baseline may be: beside the configuration, and at the top of the repository.

    Without either, it is in the scanned folder.
    """
    folders = []
    if config.source:
        folders.append(os.path.dirname(os.path.abspath(config.source)))
    folder = find_scanned_folder(request)
    top = find_work_tree(folder)
    if top:
        folders.append(top)
    return [os.path.join(place, BASELINE) for place in folders or [os.path.abspath(folder)]]


def find_scanned_folder(request: ScanRequest) -> str:
    """Return the folder of the first path, the working directory for standard input."""
    paths = request.scope.paths
    start = paths[0] if paths and paths[0] != '-' else '.'
    return start if os.path.isdir(start) else os.path.dirname(start) or '.'
