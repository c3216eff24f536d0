"""A history gives the same report with and without what makes its versions fast."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.history.repository import choose_paths, list_batches, open_repository, scan_batches
from keylint.history.worker import ObjectScan
from keylint.pipeline.clean_cache import CleanCache
from keylint.rules.load import load_rules
from tests.frozen.histories import REPOSITORIES
from tests.hiding import build
from tests.history.versions import build_versions

pytestmark = pytest.mark.slow  # histories scanned again and again

_COMMITS = 60
BUILDERS: dict[str, Callable[[Path], object]] = {
    **{f'frozen {name}': make for name, make in REPOSITORIES.items()},
    'hiding': build,
    **{
        f'versions {seed}': partial(build_versions, seed=seed, commits=_COMMITS)
        for seed in range(3)
    },
}


def scan(folder: Path, is_incremental: bool, config: Config) -> Report:
    """Scan all objects of a repository."""
    report = Report('object')
    repository = open_repository(str(folder / '.git'), report)
    known = CleanCache()
    paths = choose_paths(repository, load_rules(), config, report)
    todo = list_batches(repository, paths, config, report, known)
    run = ObjectScan(load_rules(), config, known, is_incremental=is_incremental)
    report.findings += scan_batches(repository, paths, todo, run, report)
    report.sort()
    return report


@pytest.mark.parametrize('name', BUILDERS)
def test_the_incremental_scan_changes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('KEYLINT_WORKERS', '1')
    folder = tmp_path / 'bot'
    BUILDERS[name](tmp_path if name == 'hiding' else folder)
    config = Config(severity='info', confidence='low')
    whole, fast = (scan(folder, is_incremental, config) for is_incremental in (False, True))
    assert whole.findings or name == 'frozen tree-only'
    assert fast.findings == whole.findings
    assert (fast.failures, fast.files, fast.bytes) == (whole.failures, whole.files, whole.bytes)
