"""Every option that hides findings, against every place that findings come from.

Shown or not, and the exit code.

A finding of the whole tree, of the history or of an archive's member must obey the same options as
one of a plain file.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

pytestmark = pytest.mark.slow  # a scan for each option and each place

PAIR = expand_recipes(
    'BINANCE_TESTNET_API_KEY={alnum:64}\nBINANCE_TESTNET_API_SECRET={alnum:64}\n', 'options'
)
LIVE = PAIR.replace('TESTNET_', '')
KEYS = """keys:
  - exchange: kraken
    label: grid
    permissions: [read, trade]
    ip_allowlist: ADDRESSES
"""
CODE = """import ccxt
bot = ccxt.kraken({"apiKey": key, "secret": secret})
print(bot.fetch_balance())
"""
LEAK = 'binance-credential'
NAME = '.keylint-baseline.json'
EMPTY = (
    '{"keylint-baseline": 1, "salt": "' + '00112233445566778899aabbccddeeff' + '", "entries": []}\n'
)
Found = tuple[int, dict[str, str]]


class Case(NamedTuple):
    """An origin of files, and what is found in them.

    The files are written with a line that may be a mark; the findings are those without one.
    """

    write: Callable[[Path, str], None]
    path: str
    rule: str
    severity: str
    command: tuple[str, ...] = ('scan',)


def write_leak(folder: Path, mark: str) -> None:
    (folder / 'bot.env').write_text(mark + PAIR)


def write_statement(folder: Path, mark: str) -> None:
    text = KEYS.replace('ADDRESSES', '[]').replace('    ip_', f'{mark}    ip_')
    (folder / 'keys.yaml').write_text(text)


def write_tree(folder: Path, mark: str) -> None:
    text = KEYS.replace('ADDRESSES', '[52.54.32.109]').replace('    perm', f'{mark}    perm')
    (folder / 'keys.yaml').write_text(text)
    (folder / 'bot.py').write_text(CODE)


def write_and_remove(folder: Path, mark: str) -> None:
    repository = Repository(folder)
    write_leak(folder, mark)
    repository.commit()
    repository.git('rm', '-q', 'bot.env')
    repository.commit()


def write_member(folder: Path, mark: str) -> None:
    with zipfile.ZipFile(folder / 'bot.zip', 'w') as archive:
        archive.writestr('inner.env', mark + PAIR)


def write_layer(folder: Path, mark: str) -> None:
    encoded = base64.b64encode(PAIR.encode()).decode()
    (folder / 'bot.py').write_text(f'import base64\n{mark}CONFIG = base64.b64decode("{encoded}")\n')


def write_cell(folder: Path, mark: str) -> None:
    lines = [line.replace('=', ' = "', 1) + '"\n' for line in PAIR.splitlines()]
    source = [mark, *lines] if mark else lines
    cell: dict[str, object] = {
        'cell_type': 'code',
        'metadata': {},
        'outputs': [],
        'execution_count': None,
        'source': source,
    }
    document = {'cells': [cell], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
    (folder / 'bot.ipynb').write_text(json.dumps(document, indent=1))


HISTORY = ('scan', '--history')
CASES = {
    'a leak in a file': Case(write_leak, 'bot.env', LEAK, 'medium'),
    'a statement in a file': Case(write_statement, 'keys.yaml', 'key-unrestricted-ip', 'high'),
    'the whole tree': Case(write_tree, 'keys.yaml', 'key-exceeds-code', 'medium'),
    'the history': Case(write_and_remove, 'bot.env', LEAK, 'medium', HISTORY),
    'a member of an archive': Case(write_member, 'bot.zip', LEAK, 'medium'),
    'a decoded layer': Case(write_layer, 'bot.py', LEAK, 'medium'),
    'a cell of a notebook': Case(write_cell, 'bot.ipynb', LEAK, 'medium'),
}
RANKS = ('info', 'low', 'medium', 'high', 'critical')


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return an empty folder to scan."""
    folder = tmp_path / 'tree'
    folder.mkdir()
    return folder


@pytest.fixture
def scan(keylint: Run, tree: Path) -> Callable[..., Found]:
    """Run the command of a case: the exit code, and the states of the findings by path and rule."""

    def run(case: Case, *arguments: str) -> Found:
        done = keylint(*case.command, '--format', 'json', *arguments, cwd=tree)
        report = json.loads(done.stdout)
        assert report['failures'] == []
        found = {
            f'{finding["path"]} {finding["rule"]}': finding['state']
            for finding in report['findings']
        }
        assert all(finding['severity'] == case.severity for finding in report['findings'])
        return done.returncode, found

    return run


def shown(case: Case, state: str = 'open') -> Found:
    """Return what a run says that shows the finding: only an open one fails it."""
    return int(state == 'open'), {f'{case.path} {case.rule}': state}


HIDDEN: Found = (0, {})


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tree: Path) -> Case:
    """Write the files of each case, without a mark."""
    found = CASES[request.param]
    found.write(tree, '')
    return found


def test_severity(case: Case, scan: Callable[..., Found]) -> None:
    above = RANKS[RANKS.index(case.severity) + 1]
    assert scan(case) == shown(case)
    assert scan(case, '--severity', case.severity) == shown(case)
    assert scan(case, '--severity', above) == HIDDEN
    assert scan(case, '--fail-on', above) == (0, shown(case)[1])


def test_select_and_ignore(case: Case, scan: Callable[..., Found]) -> None:
    start = case.rule[:8]
    assert scan(case, '--select', f'github,{start}') == shown(case)
    assert scan(case, '--select', 'github') == HIDDEN
    assert scan(case, '--ignore', 'github') == shown(case)
    assert scan(case, '--ignore', f'github,{start}') == HIDDEN


@pytest.mark.parametrize(
    ('row', 'is_hidden'),
    [
        ('"{path}" = ["{rule}"]', True),
        ('"{path}" = ["github"]', False),
        ('"other/" = ["{rule}"]', False),
    ],
    ids=['its path and rule', 'another rule', 'another path'],
)
def test_per_path_ignores(
    case: Case, scan: Callable[..., Found], tree: Path, row: str, is_hidden: bool
) -> None:
    text = row.format(path=case.path, rule=case.rule)
    for name in ('per-path-ignores', 'per-file-ignores'):
        (tree / 'keylint.toml').write_text(f'[{name}]\n{text}\n')
        assert scan(case) == (HIDDEN if is_hidden else shown(case))


def test_exclude(case: Case, scan: Callable[..., Found]) -> None:
    assert scan(case, '--exclude', 'other.*') == shown(case)
    assert scan(case, '--exclude', case.path) == HIDDEN


def test_baseline(case: Case, scan: Callable[..., Found], keylint: Run, tree: Path) -> None:
    (tree / NAME).write_text(EMPTY)
    assert scan(case) == shown(case)
    history = ['--history'] if case.command == HISTORY else []
    assert keylint('baseline', 'update', *history, cwd=tree).returncode == 0
    assert scan(case) == shown(case, 'known')
    assert scan(case, '--no-baseline') == scan(case, '--strict-baseline') == shown(case)


@pytest.mark.parametrize(
    ('rules', 'state'),
    [
        ('[{rule}]', 'suppressed'),
        ('', 'suppressed'),
        ('[github-credential, {rule}]', 'suppressed'),
        ('[github-credential]', 'open'),
    ],
)
@pytest.mark.parametrize('name', CASES)
def test_marks(name: str, scan: Callable[..., Found], tree: Path, rules: str, state: str) -> None:
    case = CASES[name]
    case.write(tree, f'# keylint: ignore{rules.format(rule=case.rule)} made for this test\n')
    assert scan(case) == shown(case, state)


# A repository that is to be published: only what its own files say makes a leak harmless.


@pytest.fixture
def published(keylint: Run, repository: Repository) -> Callable[..., tuple[int, list[str]]]:
    """Commit a leak behind a mark and a configuration, and run `publish`.

    Return its exit code, and what is to be done about each leak.

    Return its exit code, and what is to be done about each leak.
    """

    def run(mark: str, configuration: str, *arguments: str) -> tuple[int, list[str]]:
        repository.write('bot.env.txt', mark + LIVE)
        repository.commit()
        repository.write('keylint.toml', configuration)
        repository.write(NAME, EMPTY)
        assert keylint('baseline', 'update', cwd=repository.folder).returncode == 0
        done = keylint('publish', '--format', 'json', *arguments, cwd=repository.folder)
        answer = json.loads(done.stdout)
        return done.returncode, [leak['verdict']['action'] for leak in answer['leaks']]

    return run


PUBLISHED = {
    'nothing': ('', '', (), (1, ['rotate'])),
    'a mark': ('# keylint: ignore[binance-credential] made up\n', '', (), (1, ['accepted'])),
    'a mark for another rule': (
        '# keylint: ignore[github-credential] made up\n',
        '',
        (),
        (1, ['rotate']),
    ),
    'excluded': ('', '', ('--exclude', '*.txt'), (0, [])),
    'another excluded': ('', '', ('--exclude', '*.py'), (1, ['rotate'])),
    'severity': ('', 'severity = "critical"\n', (), (1, ['rotate'])),
    'select': ('', 'select = ["github"]\n', (), (1, ['accepted'])),
    'ignore': ('', 'ignore = ["binance"]\n', (), (1, ['accepted'])),
    'per-path-ignores': ('', '[per-path-ignores]\n"*.txt" = ["binance"]\n', (), (1, ['accepted'])),
}


@pytest.mark.parametrize('what', PUBLISHED)
def test_publish(what: str, published: Callable[..., tuple[int, list[str]]]) -> None:
    """A baseline never helps: a key that was accepted is still a key."""
    mark, configuration, arguments, answer = PUBLISHED[what]
    assert published(mark, configuration, *arguments) == answer
