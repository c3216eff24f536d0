"""Files that change while they are scanned, folders that cannot be read, full disks.

Also processes that are killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from keylint.core.blob import Blob, UnreadFile
from keylint.core.config import Config
from keylint.core.report import Failure, Report, Skipped
from keylint.rules.recipes import expand_recipes
from keylint.sources.files import list_files, load_file
from tests.conftest import Repository, Run

LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'races')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == 'nt', reason='links, pipes and signals of POSIX'),
]


def seen(path: Path) -> UnreadFile:
    """Return the file as the listing named it."""
    path.write_text(LEAK)
    return UnreadFile(str(path), path.name)


# Between the listing and the opening


def vanish(path: Path) -> None:
    path.unlink()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link(path: Path) -> None:
    path.unlink()
    path.symlink_to('/etc/passwd')


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def device(path: Path) -> None:
    path.unlink()
    try:
        os.mknod(path, 0o20600, os.makedev(1, 5))  # /dev/zero: it never ends
    except PermissionError:
        pytest.skip('only root makes devices')


@pytest.mark.parametrize(
    ('change', 'why'),
    [
        (vanish, 'deleted in the work tree'),
        (pipe, 'no regular file'),
        (link, 'symbolic link'),
        (loop, 'symbolic link'),
        (folder, 'repository inside a folder'),
        (device, 'no regular file'),
    ],
)
def test_a_file_that_turns_into_something_else_is_counted(
    tmp_path: Path, change: Callable[[Path], None], why: str
) -> None:
    file = seen(tmp_path / 'a.env')
    change(tmp_path / 'a.env')
    assert load_file(file) == Skipped('a.env', why)


def test_a_folder_that_becomes_a_file_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / 'conf').mkdir()
    file = seen(tmp_path / 'conf' / 'a.env')
    (tmp_path / 'conf' / 'a.env').unlink()
    (tmp_path / 'conf').rmdir()
    (tmp_path / 'conf').write_text('')
    assert load_file(file) == Failure('a.env', 'read', 'Not a directory')


# Between the look at its size and the reading: `os.fstat` is the moment in between


def meanwhile(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    real = os.fstat

    def then(handle: int) -> os.stat_result:
        status = real(handle)
        change()
        return status

    monkeypatch.setattr(os, 'fstat', then)


def test_a_file_that_shrinks_gives_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = seen(tmp_path / 'a.env')
    meanwhile(monkeypatch, lambda: os.truncate(tmp_path / 'a.env', 10))
    found = load_file(file)
    assert isinstance(found, Blob)
    assert found.data == LEAK.encode()[:10]


def test_a_file_that_grows_gives_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = seen(tmp_path / 'a.env')
    meanwhile(monkeypatch, lambda: (tmp_path / 'a.env').write_text(LEAK * 50_000))
    found = load_file(file)
    assert isinstance(found, Blob)
    assert found.data == LEAK.encode() * 50_000


def test_a_file_that_grows_beyond_the_limit_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = seen(tmp_path / 'a.env')
    meanwhile(
        monkeypatch, lambda: os.truncate(tmp_path / 'a.env', 1 << 40)
    )  # a hole: it takes no room
    assert load_file(file, 8 << 20) == Failure('a.env', 'read', 'larger than 8 MB')


def test_a_file_that_is_replaced_while_it_is_open_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = seen(tmp_path / 'a.env')
    meanwhile(monkeypatch, lambda: link(tmp_path / 'a.env'))
    found = load_file(file)
    assert isinstance(found, Blob)
    assert found.data == LEAK.encode()


def test_a_tree_that_changes_all_the_time_ends_without_an_accident(
    keylint: Run, tmp_path: Path
) -> None:
    tree = tmp_path / 'tree'
    tree.mkdir()
    for number in range(400):
        (tree / f'{number}.env').write_text(LEAK)
    stop = threading.Event()

    def churn() -> None:
        changes = (vanish, pipe, link, loop, folder)
        number = 0
        while not stop.is_set():
            number += 1
            path = tree / f'{number % 397}.env'
            if path.is_file() and not path.is_symlink():
                changes[number % len(changes)](path)
            elif path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
                path.write_text(LEAK)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        done = keylint('scan', str(tree), '--isolated', '--format', 'json')
    finally:
        stop.set()
        thread.join()
    assert done.returncode in (0, 1, 2)
    document = json.loads(done.stdout)
    assert {failure['error'] for failure in document['failures']} <= {
        'Is a directory',
        'Not a directory',
        'No such file or directory',
    }
    assert document['summary']['files'] > 0
    assert document['summary']['skipped']


# Folders


def test_a_tree_deeper_than_the_stack(keylint: Run, tmp_path: Path) -> None:
    deep = tmp_path / 'tree'
    deep.mkdir()
    path = os.path.join(*['d'] * 1500)
    subprocess.run(
        ['mkdir', '-p', path], cwd=deep, check=True
    )  # os.makedirs is not deep enough itself
    (deep / path / 'a.env').write_text(LEAK)
    done = keylint('scan', '--isolated', '--format', 'json', cwd=deep)
    subprocess.run(['rm', '-rf', str(deep)], check=True)  # pytest's own cleaning is not deep enough
    assert (
        done.returncode,
        [finding['path'] for finding in json.loads(done.stdout)['findings']],
    ) == (1, [f'{path}/a.env'])


def test_a_repository_deeper_than_the_stack(repository: Repository) -> None:
    path = os.path.join(*['d'] * 1500)
    subprocess.run(['mkdir', '-p', path], cwd=repository.folder, check=True)
    (repository.folder / path / 'a.env').write_text(LEAK)
    report = Report()
    found = list(list_files([str(repository.folder)], Config(), report, False))
    subprocess.run(['rm', '-rf', str(repository.folder)], check=True)
    assert [file.path[-7:] for file in found] == ['d/a.env']
    assert report.failures == []


def test_a_tree_deeper_than_any_path_is_a_failure(keylint: Run, tmp_path: Path) -> None:
    tree = tmp_path / 'tree'
    tree.mkdir()
    (tree / 'a.txt').write_text('x')
    make = (
        'import os\nfor _ in range(30):\n os.mkdir("n" * 200)\n os.chdir("n" * 200)\n'
        'open("a.env", "w").close()'
    )
    subprocess.run([sys.executable, '-c', make], cwd=tree, check=True)
    done = keylint('scan', '--isolated', '--format', 'json', cwd=tree)
    assert (
        done.returncode,
        [failure['error'] for failure in json.loads(done.stdout)['failures']],
    ) == (2, ['File name too long'])
    subprocess.run(['rm', '-rf', str(tree)], check=True)


def test_what_cannot_be_read_is_a_failure() -> None:
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place)
        tree.chmod(0o755)
        (tree / 'closed').mkdir(mode=0)
        (tree / 'locked.env').write_text(LEAK)
        (tree / 'locked.env').chmod(0)
        report = Report()
        user = os.geteuid()
        os.seteuid(user or 65534)  # root may read everything
        try:
            found = [load_file(file) for file in list_files([place], Config(), report, True)]
        finally:
            os.seteuid(user)
            (tree / 'closed').chmod(0o700)
    assert report.failures == [Failure(f'{place}/closed', 'read', 'Permission denied')]
    assert found == [Failure(f'{place}/locked.env', 'read', 'Permission denied')]


# Reports


SMALL_DISK = """
import resource, signal, sys
from keylint.cli import main
if {is_killed}:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
sys.exit(main(sys.argv[1:]))
"""
INTERRUPTED = """
import os, sys
from keylint.cli import main
def replace(*_):
    raise KeyboardInterrupt
main(['scan', sys.argv[2], '--isolated'])
os.replace = replace
sys.exit(main(sys.argv[1:]))
"""


def reported(tmp_path: Path, program: str) -> subprocess.CompletedProcess[bytes]:
    """Return a report over an older one, by a program around keylint."""
    (tmp_path / 'a.env').write_text(LEAK)
    (tmp_path / 'out').mkdir()
    (tmp_path / 'out' / 'report').write_text('older')
    command = [
        sys.executable,
        '-c',
        program,
        'scan',
        'a.env',
        '--isolated',
        '--output',
        'json:out/report',
    ]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)


def kept(tmp_path: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (tmp_path / 'out').iterdir()}


def test_a_full_disk_keeps_the_older_report(keylint: Run, tmp_path: Path) -> None:
    keylint('scan', '--isolated')  # the cache of rules is made where there is room
    done = reported(tmp_path, SMALL_DISK.format(is_killed=False))
    assert (done.returncode, done.stderr.decode()) == (
        2,
        'keylint: out/report: cannot write the report: File too large\n',
    )
    assert kept(tmp_path) == {'report': 'older'}


@pytest.mark.skipif(sys.platform != 'linux', reason='files without names are known to Linux')
def test_a_process_killed_while_it_writes_leaves_nothing(keylint: Run, tmp_path: Path) -> None:
    keylint('scan', '--isolated')
    done = reported(tmp_path, SMALL_DISK.format(is_killed=True))
    assert done.returncode == -signal.SIGXFSZ
    assert kept(tmp_path) == {'report': 'older'}


def test_an_interrupted_report_leaves_nothing(tmp_path: Path) -> None:
    done = reported(tmp_path, INTERRUPTED)
    assert (done.returncode, done.stderr.decode()) == (130, 'keylint: interrupted\n')
    assert kept(tmp_path) == {'report': 'older'}


@pytest.mark.skipif(not os.path.exists('/dev/full'), reason='no device that is always full')
@pytest.mark.parametrize('name', ['text', 'json', 'sarif', 'html'])
def test_a_full_standard_output_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / 'a.env').write_text('x = 1\n')
    command = [sys.executable, '-m', 'keylint', 'scan', 'a.env', '--isolated', '--format', name]
    with open('/dev/full', 'wb') as full:
        done = subprocess.run(
            command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr.decode()) == (
        2,
        'keylint: standard output: cannot write the report: No space left on device\n',
    )


@pytest.mark.parametrize(
    ('line', 'code', 'is_told', 'complaint'),
    [
        ('scan a.env >&-', 1, False, ''),
        ('scan a.env 2>&-', 1, True, ''),
        ('scan a.env <&-', 1, True, ''),
        ('scan a.env >&- 2>&- <&-', 1, False, ''),
        ('scan nothing 2>&-', 2, False, ''),
        ('scan nothing >&-', 2, False, 'keylint: nothing: no such file or folder\n'),
        ('scan - <&-', 2, False, 'keylint: standard input is closed; there is nothing to scan\n'),
        (
            'scan --files-from - <&-',
            2,
            False,
            'keylint: standard input is closed; there is nothing to scan\n',
        ),
    ],
)
def test_a_closed_stream_is_no_accident(
    tmp_path: Path, line: str, code: int, is_told: bool, complaint: str
) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    shell = ['sh', '-c', f'"$0" -m keylint {line}', sys.executable]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, 'a.env' in done.stdout, done.stderr) == (code, is_told, complaint)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_scan_leaves_no_file(tmp_path: Path, number: signal.Signals) -> None:
    """Whenever the signal comes.

    Nothing is in the tree, in the folder of the report or in that for temporary files.
    """
    tree, out, temporary = tmp_path / 'tree', tmp_path / 'out', tmp_path / 'temporary'
    for path in (tree, out, temporary):
        path.mkdir()
    for place in range(60):
        (tree / f'{place}.env').write_text(LEAK * 200)
    before = sorted(os.listdir(tree))
    command = [
        sys.executable,
        '-m',
        'keylint',
        'scan',
        str(tree),
        '--isolated',
        '--no-progress',
        '--output',
        f'json:{out}/report',
    ]
    environment = {**os.environ, 'TMPDIR': str(temporary)}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            process.wait(0.4)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
        process.wait()
    assert sorted(os.listdir(tree)) == before
    assert set(os.listdir(out)) <= {'report'}
    assert os.listdir(temporary) == []
