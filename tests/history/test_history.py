"""`keylint scan --history`.

A marked secret in each place where git keeps bytes, found and told of rightly; nothing is written.
"""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from hashlib import sha384
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from keylint.cli import main
from keylint.rules.recipes import expand
from tests.conftest import Repository, Run
from tests.hiding import Git, Life, build, leak, secret

pytestmark = pytest.mark.slow

SCHEMA = json.loads(
    (Path(__file__).parent.parent.parent / 'docs' / 'report.schema.json').read_text()
)
HISTORY = ('scan', '--history', '--isolated')


class Hidden:
    """The repository, what is to be said of it, and what keylint says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = build(folder)
        self.before = listing(folder)
        self.report = report(folder / 'bot', '--show-secrets')
        self.after = listing(folder)


@pytest.fixture(scope='module')
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Hidden:
    return Hidden(tmp_path_factory.mktemp('hidden'))


def listing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every entry with its kind, size and times: what is written shows."""
    entries = ((str(path.relative_to(folder)), path.lstat()) for path in sorted(folder.rglob('*')))
    return {name: (status.st_mode, status.st_size, status.st_mtime_ns) for name, status in entries}


def report(folder: Path, *arguments: str, code: int | None = 1) -> dict[str, Any]:
    """Return the JSON report of a repository's history, checked against its schema."""
    command = [
        sys.executable,
        '-m',
        'keylint',
        *HISTORY,
        str(folder),
        '--format',
        'json',
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert b'Traceback' not in done.stderr
    assert code is None or done.returncode == code, (
        done.returncode,
        done.stderr,
        done.stdout[:2000],
    )
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    return dict(document)


def of(document: dict[str, Any], value: str) -> list[dict[str, Any]]:
    """Return the findings that hold a value."""
    return [
        finding
        for finding in document['findings']
        if any(part.get('value') == value for part in finding['parts'])
    ]


def one(document: dict[str, Any], value: str) -> dict[str, Any]:
    (finding,) = of(document, value)
    return finding


# The hiding places


def test_twenty_places_and_more(hidden: Hidden) -> None:
    assert len(hidden.places) > 30
    assert len(hidden.report['findings']) == len(hidden.places)
    assert hidden.report['failures'] == []


def test_nothing_is_written(hidden: Hidden) -> None:
    assert hidden.before == hidden.after


def test_no_value_is_printed_unless_asked_for(hidden: Hidden, keylint: Run) -> None:
    for name in ('text', 'json', 'sarif', 'html'):
        done = keylint(*HISTORY, str(hidden.folder / 'bot'), '--format', name)
        assert done.returncode == 1
        assert [
            place for place in hidden.places if secret(place)[:20] in done.stdout + done.stderr
        ] == []


def expected() -> dict[str, Life]:
    with tempfile.TemporaryDirectory() as folder:
        return build(Path(folder))


@pytest.mark.parametrize('place', list(expected()))
def test_each_place(hidden: Hidden, place: str) -> None:
    finding = one(hidden.report, secret(place))
    life, want = finding['history'], hidden.places[place]
    assert (
        set(want.refs) <= set(life['refs'])
        if want.refs and want.refs[0] == 'HEAD'
        else life['refs'] == sorted(want.refs)
    )
    assert want.others is None or life['others'] == list(want.others)
    assert life['reachable'] is bool(want.refs)
    assert life['in_head'] is want.in_head
    assert life['on_remote'] is want.on_remote
    assert want.commits is None or life['commits'] == want.commits
    assert want.paths is None or life['paths'] == list(want.paths)
    assert (life['first'] is None) == (life['last'] is None) == (want.commits == 0)
    assert (finding['commit'] is None) == (want.commits == 0)


def test_a_commit_names_itself_and_its_days(hidden: Hidden) -> None:
    git = ('git', '-C', str(hidden.folder / 'bot'))
    for place, days in (
        ('root commit', ('2021-01-02', '2021-01-02')),
        ('packed, removed', ('2021-01-03', '2021-01-04')),
    ):
        finding = one(hidden.report, secret(place))
        life = finding['history']
        assert tuple(life[end]['authored'][:10] for end in ('first', 'last')) == days
        assert life['first']['authored'].endswith('T12:00:00+02:00')
        assert life['first']['committed'].endswith('T10:00:00+00:00')
        shown = subprocess.run(
            [*git, 'show', f'{finding["commit"]}:{finding["path"]}'],
            capture_output=True,
            check=True,
        ).stdout.decode()
        assert secret(place) in shown.split('\n')[finding['line'] :][0]


def test_removed_by_amend_case_12(hidden: Hidden) -> None:
    """Removed by amend, only in a reflog, dangling, in a tag's message, in a merge.

    Found, with what keeps it.
    """
    by_place = {place: one(hidden.report, secret(place))['history'] for place in hidden.places}
    assert [place for place, life in by_place.items() if 'unreachable' in life['others']] == [
        'alternate',
        'unreachable commit',
        'dangling blob',
    ]
    assert not by_place['amended away']['reachable']
    assert by_place['tag message']['refs'] == ['refs/tags/v1']
    assert by_place['merge only']['reachable']
    command = [sys.executable, '-m', 'keylint', *HISTORY, str(hidden.folder / 'bot')]
    text = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, 'LC_ALL': 'C.UTF-8'}
    ).stdout.decode()
    lives = [
        ' '.join(life.split())
        for life in re.findall(r'      life: (.*?)\n      why:', text, re.DOTALL)
    ]
    assert len(lives) == len(hidden.places)
    assert sum('not reachable from any ref' in life for life in lives) == 6
    assert any(
        'not reachable from any ref, kept by the reflog of HEAD, reflog of refs/heads/main' in life
        for life in lives
    )
    assert any(
        life.endswith('on origin/gone: already public as far as git knows') for life in lives
    )
    assert sum('in the index' in life for life in lives) == 4


# Other repositories


def leaking(folder: Path, *arguments: str) -> Git:
    """Return a repository with a leak in HEAD and one that was removed."""
    git = Git(folder, *arguments)
    git.write('old.env', leak('old'))
    git.commit()
    (git.folder / 'old.env').unlink()
    git.write('new.env', leak('new'))
    git.commit()
    return git


def assert_both(document: dict[str, Any]) -> None:
    assert len(document['findings']) == 2
    old, new = one(document, secret('old'))['history'], one(document, secret('new'))['history']
    assert (old['in_head'], old['commits'], old['reachable']) == (False, 1, True)
    assert (new['in_head'], new['commits'], new['reachable']) == (True, 1, True)
    assert document['failures'] == []


def test_a_repository_of_sha_256(tmp_path: Path) -> None:
    git = leaking(tmp_path / 'bot', '--object-format=sha256')
    git('tag', '-a', 'v1', '-m', leak('tag'))
    document = report(git.folder, '--show-secrets')
    assert len(document['findings']) == 3
    assert len(one(document, secret('old'))['commit']) == 64
    assert one(document, secret('tag'))['history']['refs'] == ['refs/tags/v1']


def test_a_bare_repository(tmp_path: Path) -> None:
    git = leaking(tmp_path / 'bot')
    git('clone', '-q', '--bare', str(git.folder), str(tmp_path / 'bare.git'))
    assert_both(report(tmp_path / 'bare.git', '--show-secrets'))


def test_all_of_a_repository_is_seen_from_a_folder_in_it_and_from_a_worktree(
    tmp_path: Path,
) -> None:
    git = leaking(tmp_path / 'bot')
    git.write('inner/README.md', 'x\n')
    git('worktree', 'add', '-q', '-b', 'second', str(tmp_path / 'second'))
    for folder in (git.folder / 'inner', tmp_path / 'second', git.folder / '.git'):
        assert_both(report(folder, '--show-secrets'))


def test_outside_of_a_repository(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'plain').mkdir()
    for folder in ('plain', 'missing'):
        done = keylint(*HISTORY, folder)
        assert (done.returncode, done.stdout, done.stderr.count('\n')) == (2, '', 1)
        assert folder in done.stderr


def test_a_repository_without_commits(keylint: Run, tmp_path: Path) -> None:
    Git(tmp_path / 'bot')
    done = keylint(*HISTORY, 'bot')
    assert (done.returncode, done.stdout, done.stderr) == (0, 'nothing was scanned\n', '')


def test_a_clean_history(keylint: Run, tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    git.write('.env', 'BINANCE_API_KEY=your_key\n')
    git.commit()
    done = keylint(*HISTORY, 'bot')
    assert (done.returncode, done.stderr) == (0, '')
    assert re.fullmatch(r'no findings in 2 objects \(0\.0 MB, \d+\.\d\d s\)\n', done.stdout)


def test_a_value_that_stands_twice_is_seen_in_every_version_whatever_stands_around_it(
    tmp_path: Path,
) -> None:
    """It is told of once in a file.

    The other place must not count as one in which nothing was found.
    """
    git = Git(tmp_path)
    around = [
        f'# {name}\n' * 4 for name in ('spring', 'summer', 'autumn', 'winter', 'dawn', 'dusk')
    ]
    filler = ''.join(f'# nothing in line {number}\n' for number in range(300))
    pairs = [(first, second) for first in around for second in around if first != second]
    for first, second in pairs:
        git.write(
            'bot.py',
            ''.join(f'{filler}{text}{leak("twice")}{text}' for text in (first, second)) + filler,
        )
        git.commit()
    finding = one(report(tmp_path, '--show-secrets'), secret('twice'))
    assert finding['history']['commits'] == len(pairs)


def test_the_same_value_in_a_hundred_versions_is_one_finding(tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    for number in range(20):
        git.write('bot.py', f'# version {number}\n' * number + leak('versions'))
        git.commit()
    git.write('bot.py', '# clean\n')
    git.commit()
    (finding,) = report(git.folder, '--show-secrets')['findings']
    life = finding['history']
    assert (life['commits'], life['in_head']) == (20, False)
    assert (life['first']['authored'][:10], life['last']['authored'][:10]) == (
        '2021-01-02',
        '2021-01-21',
    )
    assert finding['commit'] == life['last']['commit'] == git('rev-parse', 'HEAD~1')


def test_a_key_whose_secret_came_later_is_one_finding(tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    key, value = leak('pair').splitlines()
    git.write('.env', f'{key}\n')
    git.commit()
    git.write('.env', f'{key}\n{value}\n')
    git.commit()
    (finding,) = report(git.folder)['findings']
    assert sorted(part['role'] for part in finding['parts']) == ['api-key', 'secret']
    assert finding['history']['commits'] == 2


def test_the_same_output_with_any_number_of_workers(hidden: Hidden, keylint: Run) -> None:
    outputs = set()
    for count in ('1', '2', '3'):
        done = keylint(
            *HISTORY, str(hidden.folder / 'bot'), '--format', 'json', KEYLINT_WORKERS=count
        )
        outputs.add(re.sub(r'"seconds": [\d.]+', '', done.stdout))
    assert len(outputs) == 1


def test_paths_are_those_of_the_repository_wherever_keylint_runs(
    tmp_path: Path, keylint: Run
) -> None:
    git = leaking(tmp_path / 'bot')
    for name in ('json', 'gitlab', 'sarif'):
        shown = [
            keylint(*HISTORY, place, '--format', name, cwd=cwd).stdout
            for place, cwd in ((str(git.folder), tmp_path), ('.', git.folder))
        ]
        assert all('"new.env"' in text and str(tmp_path) not in text for text in shown)


def test_the_environment_of_a_hook_leads_nowhere_else(tmp_path: Path, keylint: Run) -> None:
    other = Git(tmp_path / 'other')
    git = leaking(tmp_path / 'bot')
    redirected = {
        'GIT_DIR': str(other.folder / '.git'),
        'GIT_WORK_TREE': str(other.folder),
        'GIT_INDEX_FILE': str(other.folder / 'index'),
    }
    done = keylint(*HISTORY, str(git.folder), '--format', 'json', '--show-secrets', **redirected)
    assert_both(json.loads(done.stdout))


# The formats


def test_every_format_tells_of_the_life(tmp_path: Path, keylint: Run) -> None:
    git = leaking(tmp_path / 'bot')
    commit = git('rev-parse', 'HEAD~1')
    said = f'in 1 commit ({commit[:12]}) of 2021-01-02, no longer in HEAD; reached from HEAD, main'

    def shown(name: str) -> str:
        return keylint(*HISTORY, 'bot', '--format', name).stdout

    assert said in ' '.join(shown('text').split())
    assert said in shown('html')
    assert said in shown('markdown')
    row = next(row for row in csv.DictReader(StringIO(shown('csv'))) if row['path'] == 'old.env')
    assert (row['commit'], row['history']) == (commit, said)
    result = next(
        result
        for result in json.loads(shown('sarif'))['runs'][0]['results']
        if 'old.env' in str(result['locations'])
    )
    assert (result['properties']['commit'], result['properties']['history']) == (commit, said)
    entry = next(
        entry
        for entry in json.loads(shown('gitlab'))['vulnerabilities']
        if entry['location']['file'] == 'old.env'
    )
    assert (entry['location']['commit']['sha'], entry['details']['history']['value']) == (
        commit,
        said,
    )
    assert json.loads(shown('jsonl').splitlines()[0])['history']['commits'] == 1
    assert '2 critical in' in shown('markdown')
    assert 'objects' in shown('markdown').split('\n')[0]


def test_a_scan_of_files_has_no_history(tmp_path: Path, keylint: Run) -> None:
    leaking(tmp_path / 'bot')
    document = json.loads(keylint('scan', 'bot', '--isolated', '--format', 'json').stdout)
    assert [finding['history'] for finding in document['findings']] == [None]
    assert 'life:' not in keylint('scan', 'bot', '--isolated').stdout


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


def test_binary_and_excluded_paths_are_counted(tmp_path: Path, keylint: Run) -> None:
    git = leaking(tmp_path / 'bot')
    done = keylint(*HISTORY, 'bot', '--exclude', 'old.env')
    assert done.returncode == 1
    assert 'skipped: 1 excluded by configuration' in done.stdout
    assert 'new.env' in done.stdout
    assert git.folder.exists()


def test_a_declaration_of_long_ago_is_no_finding(tmp_path: Path, keylint: Run) -> None:
    git = Git(tmp_path / 'bot')
    git.write(
        'keys.yaml',
        expand('keys:\n  - exchange: kraken\n    permissions: [read, trade, withdraw]\n', 'keys'),
    )
    git.commit()
    assert keylint(*HISTORY, 'bot').returncode == 0


# What costs too much


def test_limits_reach_into_histories(
    repository: Repository, slow_clock: None, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write('large.log', 'words of a log\n' * 100_000)
    repository.write(
        'many.env',
        ''.join(
            f'KRAKEN_API_SECRET_{n}={sha384(b"%d" % n).hexdigest()[:56]}\n' for n in range(1000)
        ),
    )
    repository.commit()
    repository.git('rm', '-q', 'large.log', 'many.env')
    repository.commit('gone')
    limits = ['--limit', 'file-size=1', '--limit', 'seconds=1']
    assert main([*HISTORY, str(repository.folder), '--format', 'json', *limits]) == 2
    told = json.loads(capsys.readouterr().out)
    failures = {
        failure['path']: re.sub('object [0-9a-f]{12}', 'object …', failure['error'])
        for failure in told['failures']
    }
    assert failures == {
        'large.log': 'object … is larger than 1 MB',
        'many.env': 'object …: it takes more than 1 s: the rest was not looked at',
    }
    assert 0 < len(told['findings']) < 1000
