"""An accident of keylint itself ends a run with one line and exit code 2, without foreign text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keylint.core.errors import describe_crash, remember_crash
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

FOREIGN = expand_recipes('{alnum:40}', 'crash')
# A run whose scan raises an exception that quotes a value, as exceptions of libraries do.
BROKEN = """
import sys
import keylint.{module} as module
def fail(*arguments, **options):
    raise {error}
module.{name} = fail
from keylint.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run_broken(folder: Path, error: str, **variables: str) -> subprocess.CompletedProcess[str]:
    program = BROKEN.format(module='commands.scan', name='run_scan', error=error)
    return subprocess.run(
        [sys.executable, '-P', '-c', program, 'scan', '.'],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize('error', ['ValueError', 'KeyError', 'RecursionError', 'UnicodeError'])
def test_an_unknown_exception_is_one_line_without_its_text(tmp_path: Path, error: str) -> None:
    done = run_broken(tmp_path, f'{error}({FOREIGN!r})')
    assert done.returncode == 2
    assert done.stderr.count('\n') == 1
    assert f'{error} in keylint/commands/scan.py:' in done.stderr
    assert FOREIGN[:5] not in done.stderr


def test_what_the_system_says_is_shown_and_the_file_is_not(tmp_path: Path) -> None:
    done = run_broken(tmp_path, f'OSError(24, {FOREIGN!r}, {FOREIGN!r})')
    assert (done.returncode, 'Too many open files' in done.stderr) == (2, True)
    assert FOREIGN[:5] not in done.stderr


def test_a_traceback_is_shown_on_request(tmp_path: Path) -> None:
    done = run_broken(tmp_path, f'ValueError({FOREIGN!r})', KEYLINT_DEBUG='1')
    assert 'Traceback' in done.stderr
    assert FOREIGN in done.stderr


def test_an_exception_of_a_worker_keeps_its_place() -> None:
    error = ValueError(FOREIGN)
    remember_crash(error)
    assert describe_crash(error) == 'ValueError'
    assert describe_crash(OSError(2, FOREIGN)) == 'FileNotFoundError (No such file or directory)'


@pytest.mark.parametrize('count', ['²', 'two', '-1', '1.5', '9' * 20])
def test_a_number_of_workers_that_is_none_is_refused(keylint: Run, count: str) -> None:
    done = keylint('scan', '.', KEYLINT_WORKERS=count)
    assert (done.returncode, done.stderr.count('\n')) == (2, 1)
    assert 'KEYLINT_WORKERS must be a whole number' in done.stderr


def test_odd_columns_are_no_width(process: Run) -> None:
    assert process('--help', COLUMNS='²').returncode == 0


def test_a_deleted_working_folder_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / 'gone'
    folder.mkdir()
    script = f'cd {folder} && rmdir {folder} && exec {sys.executable} -P -m keylint scan'
    done = subprocess.run(['sh', '-c', script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count('\n')) == (2, 1)
    assert 'working folder' in done.stderr


def run_with_descriptors(
    count: int, command: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ['sh', '-c', f'ulimit -n {count} && exec {sys.executable} -P {command}'],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_too_few_descriptors_are_one_line(tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_text('A=1\n')
    tried = 0
    for count in range(4, 16):
        if run_with_descriptors(count, '-c pass', tmp_path).stderr:
            continue  # the interpreter itself does not start: nothing of keylint has run
        tried += 1
        done = run_with_descriptors(count, '-m keylint scan --no-cache', tmp_path)
        assert 'Traceback' not in done.stderr, done.stderr
        assert done.returncode in (0, 2)
        assert done.stderr.count('\n') <= 1
    assert tried > 0
