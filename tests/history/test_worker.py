"""A worker keeps what it found when something goes wrong behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.core.config import Config
from keylint.core.report import BlobResult
from keylint.history.batches import Batch
from keylint.history.worker import HistoryWorker, ObjectScan
from keylint.pipeline.stored_clean_cache import StoredCleanCache
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
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
    batch = Batch(((blob, 'key.eml'), (clean, 'a.txt')), 0)
    result = HistoryWorker(str(tmp_path / '.git'), run)(batch)
    assert [one.object for one in result.occurrences] == [blob]
    assert [(failure.path, failure.stage) for failure in result.failures] == [('key.eml', 'scan')]
    assert 'broken member' in result.failures[0].error
    assert (len(result.clean), result.objects, result.rest) == (1, 2, 0)
