"""What a run says at its end, its exit code, and the line that it shows while it works."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from keylint.core.report import Failure
from keylint.fleet.database import Store, open_store
from keylint.fleet.progress import FleetProgress
from keylint.fleet.results import save_answer
from keylint.fleet.runs import StoredRun, begin_run, register_targets
from keylint.fleet.summary import RunSummary, format_summary, summarise_run
from keylint.fleet.targets import FleetTarget
from keylint.fleet.units import UnitAnswer
from tests.fleet.test_store import SECRET

ACCEPTED = SECRET._replace(state='known', is_counted=False)
MINOR = SECRET._replace(is_counted=False)
UNREAD = (Failure('a.zip', 'read', 'broken'),)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(str(tmp_path / 'fleet.db'), is_new=True)
    yield store
    store.close()


def begin(store: Store, count: int) -> StoredRun:
    with store.begin() as connection:
        run = begin_run(connection, b'', 'now')
    register_targets(store, run.id, [FleetTarget(f'{one}', f'/srv/{one}') for one in range(count)])
    return run


def summarise(store: Store, *answers: UnitAnswer) -> RunSummary:
    run = begin(store, 2)
    with store.begin() as connection:
        for answer in answers:
            save_answer(connection, run.id, answer)
        return summarise_run(connection, run)


@pytest.mark.parametrize(
    ('answers', 'code'),
    [
        pytest.param((UnitAnswer('done', 1), UnitAnswer('unchanged', 2)), 0, id='clean'),
        pytest.param(
            (UnitAnswer('done', 1, found=(ACCEPTED,)), UnitAnswer('done', 2, found=(MINOR,))),
            0,
            id='accepted, below the threshold',
        ),
        pytest.param(
            (UnitAnswer('done', 1), UnitAnswer('done', 2, found=(SECRET,))), 1, id='a finding'
        ),
        pytest.param(
            (UnitAnswer('done', 1, found=(SECRET,)), UnitAnswer('failed', 2, failures=UNREAD)),
            2,
            id='a repository that failed',
        ),
        pytest.param(
            (UnitAnswer('done', 1, failures=UNREAD), UnitAnswer('done', 2)), 2, id='a file unread'
        ),
        pytest.param((UnitAnswer('done', 1),), 2, id='a repository that still waits'),
    ],
)
def test_exit_codes(store: Store, answers: tuple[UnitAnswer, ...], code: int) -> None:
    assert summarise(store, *answers).exit_code == code


def test_the_summary_counts_what_was_done_and_found(store: Store) -> None:
    first = UnitAnswer('done', 1, found=(SECRET,), failures=UNREAD, objects=7, bytes=2_000_000)
    text = format_summary(summarise(store, first, UnitAnswer('failed', 2)), 'teams.db')
    assert text.splitlines() == [
        'run 1: 2 repositories: 1 looked at, 1 failed; 7 objects, 2.0 MB',
        '1 open finding in 1 repository',
        '1 place could not be scanned',
        'what to revoke first: keylint fleet report --store teams.db',
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_tells_repositories_bytes_findings_and_the_time_left(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('TERM', 'xterm')
    monkeypatch.setattr('keylint.scanner.progress._DELAY_SECONDS', 0)
    monkeypatch.setattr('keylint.scanner.progress._INTERVAL_SECONDS', 0)
    seconds = iter(range(0, 1000, 10))
    monkeypatch.setattr('keylint.fleet.progress.time.monotonic', lambda: next(seconds))
    shown = Terminal()
    monkeypatch.setattr('sys.stderr', shown)
    run = begin(store, 4)
    with store.begin() as connection:
        save_answer(connection, run.id, UnitAnswer('done', 1))  # by an earlier process
    progress = FleetProgress(store, run.id, True)
    progress.start()
    progress.note_answer(UnitAnswer('done', 2, found=(SECRET,), bytes=3_000_000))
    for answer in (
        UnitAnswer('plan', 3),
        UnitAnswer('chunk', 3, bytes=2_000_000),
        UnitAnswer('done', 3, bytes=2_000_000),  # joined: nothing is read again
        UnitAnswer('failed', 4),
    ):
        progress.note_answer(answer)
    progress.done()
    lines = [line.strip() for line in shown.getvalue().split('\r\x1b[K')]
    assert lines[1] == '2 of 4 repositories, 3.0 MB, 1 found, 20 s left'
    assert lines[-2] == '4 of 4 repositories, 5.0 MB, 1 found, 1 failed, 0 s left'
    assert lines[-1] == ''


def test_without_a_terminal_nothing_is_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr('sys.stderr', shown)
    progress = FleetProgress(store, begin(store, 1).id, True)
    progress.start()
    progress.note_answer(UnitAnswer('done', 1))
    progress.done()
    assert shown.getvalue() == ''
