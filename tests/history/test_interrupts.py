"""A long run that is interrupted says so, and leaves no process behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hiding import Git, leak
from tests.history.reports import HISTORY

pytestmark = pytest.mark.slow


# ^C


def large(folder: Path) -> Git:
    """Return a repository that takes some seconds to scan: many files, a leak in each hundredth."""
    git = Git(folder)
    stream = []
    for number in range(6000):
        text = ''.join(
            f'price_{number}_{line} = api_key_of("{line * number % 977}")\n' for line in range(120)
        )
        data = (text + (leak(f'large {number}') if number % 100 == 0 else '')).encode()
        stream.append(b'blob\nmark :%d\ndata %d\n%s\n' % (number + 1, len(data), data))
    stream.append(
        b'commit refs/heads/main\ncommitter bot <bot@example.org> 1609495200 +0000\ndata 4\nmany\n'
    )
    stream += [
        b'M 100644 :%d dir%d/file%d.py\n' % (number + 1, number % 50, number)
        for number in range(6000)
    ]
    git('fast-import', '--quiet', given=b''.join(stream))
    git('symbolic-ref', 'HEAD', 'refs/heads/main')
    return git


@pytest.fixture(scope='module')
def many(tmp_path_factory: pytest.TempPathFactory) -> Git:
    return large(tmp_path_factory.mktemp('many') / 'bot')


def running(session: int) -> list[str]:
    """Return the command lines of a session's processes."""
    found = []
    for entry in Path('/proc').glob('[0-9]*'):
        try:
            if int((entry / 'stat').read_text().rpartition(')')[2].split()[3]) == session:
                found.append((entry / 'cmdline').read_bytes().replace(b'\0', b' ').decode())
        except (OSError, ValueError):
            continue
    return found


def gits_in(folder: Path) -> list[str]:
    """Return the git processes that work for a repository; each has a session of its own."""
    lines = (entry / 'cmdline' for entry in Path('/proc').glob('[0-9]*'))
    found = []
    for path in lines:
        try:
            line = path.read_bytes().replace(b'\0', b' ').decode()
        except OSError:
            continue
        if Path(line.split(' ')[0]).name == 'git' and str(folder) in line:
            found.append(line)
    return found


@pytest.mark.skipif(not Path('/proc/self/stat').exists(), reason='looks at processes through /proc')
@pytest.mark.parametrize(
    'is_group', [False, True], ids=['the process alone', 'its group, as a terminal does']
)
@pytest.mark.parametrize('workers', ['1', '2'])
def test_interrupted_it_says_what_it_found_and_that_it_is_incomplete(
    many: Git, tmp_path: Path, is_group: bool, workers: str
) -> None:
    environment = {**os.environ, 'TMPDIR': str(tmp_path), 'KEYLINT_WORKERS': workers}
    command = [
        sys.executable,
        '-m',
        'keylint',
        *HISTORY,
        str(many.folder),
        '--no-cache',
        '--format',
        'json',
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    wait_for_reading(many.folder)
    (os.killpg if is_group else os.kill)(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    document = json.loads(output)
    assert (process.returncode, errors) == (2, b'')
    (said,) = [failure['error'] for failure in document['failures']]
    rest = re.fullmatch(r'interrupted: (\d+) objects were not looked at', said)
    assert rest is not None
    assert document['summary']['files'] + int(rest[1]) == 6001
    assert 0 < int(rest[1]) <= 6001
    assert_nothing_is_left(process.pid, many.folder, tmp_path)


@pytest.mark.skipif(not Path('/proc/self/stat').exists(), reason='looks at processes through /proc')
@pytest.mark.parametrize('is_group', [False, True], ids=['the process alone', 'its group'])
def test_a_second_interrupt_ends_at_once(many: Git, tmp_path: Path, is_group: bool) -> None:
    command = [sys.executable, '-m', 'keylint', *HISTORY, str(many.folder), '--no-cache']
    environment = {**os.environ, 'TMPDIR': str(tmp_path), 'KEYLINT_WORKERS': '2'}
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    wait_for_reading(many.folder)
    for _ in range(2):
        (os.killpg if is_group else os.kill)(process.pid, signal.SIGINT)
        time.sleep(0.05)
    output, errors = process.communicate(timeout=60)
    # Between the two the run may just have come to its end.
    assert (process.returncode, output, errors) == (130, b'', b'keylint: interrupted\n') or (
        process.returncode == 2 and b'interrupted:' in output
    )
    assert_nothing_is_left(process.pid, many.folder, tmp_path)


@pytest.mark.skipif(not Path('/proc/self/stat').exists(), reason='looks at processes through /proc')
def test_an_interrupted_run_goes_on_where_it_ended(many: Git, tmp_path: Path) -> None:
    environment = {**os.environ, 'KEYLINT_CACHE_DIR': str(tmp_path)}
    command = [sys.executable, '-m', 'keylint', *HISTORY, str(many.folder), '--format', 'json']
    subprocess.run(
        [sys.executable, '-m', 'keylint', 'scan', '-'],
        input=b'',
        env=environment,
        check=True,
        capture_output=True,
    )  # compiles the rules
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment, start_new_session=True
    )
    wait_for_reading(many.folder)
    process.send_signal(signal.SIGINT)
    first = json.loads(process.communicate(timeout=60)[0])
    second = json.loads(
        subprocess.run(
            command, env=environment, check=False, capture_output=True, timeout=60
        ).stdout
    )
    whole = json.loads(
        subprocess.run(
            [*command, '--no-cache'], env=environment, check=False, capture_output=True, timeout=60
        ).stdout
    )
    assert first['failures'][0]['error'].startswith('interrupted: ')
    assert second['failures'] == []
    told = {path for finding in first['findings'] for path in finding['history']['paths']}
    assert second['summary']['unchanged'] >= first['summary']['files'] - len(told)
    assert (second['findings'], second['summary']['files']) == (
        whole['findings'],
        whole['summary']['files'],
    )


def wait_for_reading(folder: Path) -> None:
    """Until git is asked for contents."""
    for _ in range(12_000):
        if any(line.rstrip().endswith('--batch') for line in gits_in(folder)):
            return
        time.sleep(0.01)
    raise AssertionError('it never began to read')


def assert_nothing_is_left(session: int, folder: Path, temporary: Path) -> None:
    for _ in range(6000):
        if not running(session) and not gits_in(folder):
            break
        time.sleep(0.01)
    assert (running(session), gits_in(folder)) == ([], [])
    assert list(temporary.iterdir()) == []


def test_workers_end_with_a_parent_that_was_killed(many: Git, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, '-m', 'keylint', *HISTORY, str(many.folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, 'TMPDIR': str(tmp_path), 'KEYLINT_WORKERS': '3'},
        start_new_session=True,
    )
    wait_for_reading(many.folder)
    process.kill()
    process.wait()
    assert_nothing_is_left(process.pid, many.folder, tmp_path)
