"""A worker keeps what it found when something goes wrong behind it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keylint.core.config import Config
from keylint.core.report import BlobResult
from keylint.history.batches import Batch
from keylint.history.occurrences import Occurrence
from keylint.history.worker import HistoryWorker, ObjectScan, ObjectScanner
from keylint.pipeline.stored_clean_cache import StoredCleanCache
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from keylint.scanner.configure import configure
from keylint.scanner.request import ScanRequest, ScanScope
from keylint.scanner.run import run_scan
from tests.conftest import Repository
from tests.hiding import Git

SECRET = expand_recipes('gsk_{alnum:52}', 'history/worker')


def fail(*_: object) -> BlobResult:
    raise RuntimeError('broken member')


def test_a_crash_in_the_members_keeps_the_findings_of_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = Git(tmp_path)
    letter = f'From: a@example.org\nSubject: key\nMIME-Version: 1.0\n\n{SECRET}\n'
    blob = git.blob(letter)
    clean = git.blob('nothing\n')
    # No input is known that a reader of archives stumbles over.
    monkeypatch.setattr('keylint.history.worker.scan_members', fail)
    run = ObjectScan(load_rules(), Config(), StoredCleanCache(b'state'))
    batch = Batch(((blob, ('key.eml',)), (clean, ('a.txt',))), 0)
    result = HistoryWorker(str(tmp_path / '.git'), run)(batch)
    assert [one.object for one in result.occurrences] == [blob]
    assert [(failure.path, failure.stage) for failure in result.failures] == [('key.eml', 'scan')]
    assert 'RuntimeError' in result.failures[0].error
    assert 'broken member' not in result.failures[0].error  # an error's text may quote the file
    assert (len(result.clean), result.objects, result.rest) == (1, 2, 0)


def test_a_lost_worker_costs_the_object_that_ends_it(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else a lost worker had drawn is scanned again, and the object is named."""
    for number in range(60):
        repository.write(
            f'{number}.env', expand_recipes(f'A{number}=gsk_{{alnum:52}}', f'{number}')
        )
    repository.write('deadly.txt', 'ends the process\n')
    repository.commit()
    parent, scan_object = os.getpid(), ObjectScanner.scan_object

    def die(scanner: ObjectScanner, name: str, path: str, data: bytes) -> Iterator[Occurrence]:
        if os.getpid() != parent and path == 'deadly.txt':
            os.kill(os.getpid(), signal.SIGKILL)
        if os.getpid() == parent:
            time.sleep(0.05)  # leave something for the workers
        return scan_object(scanner, name, path, data)

    # No input is known that ends a process: want of memory does.
    monkeypatch.setattr(ObjectScanner, 'scan_object', die)
    monkeypatch.setenv('KEYLINT_WORKERS', '3')
    monkeypatch.setattr('keylint.workers.pool._may_fork', lambda: True)
    batches_of = 'keylint.history.batches._MAX_OBJECTS'
    monkeypatch.setattr(batches_of, 5)
    scope = ScanScope('history', (str(repository.folder),))
    request = ScanRequest(scope, uses_cache=False)
    report = run_scan(request, configure(request))
    assert {finding.path for finding in report.findings} == {f'{n}.env' for n in range(60)}
    named = [(failure.path, failure.stage) for failure in report.failures]
    assert named in ([], [('deadly.txt', 'scan')])
    assert all('by signal 9' in failure.error for failure in report.failures)
