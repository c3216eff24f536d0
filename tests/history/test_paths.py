"""The same bytes at several paths: what any path shows is found, in histories and ranges alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.findings.copies import list_all_places
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.scanner.configure import configure
from keylint.scanner.request import ConfigOverrides, ScanMode, ScanRequest, ScanScope
from keylint.scanner.run import run_scan
from tests.hiding import Git, leak
from tests.history.copies import CONFIGURATIONS, build_copies


class Value(NamedTuple):
    """What a finding is about: its fingerprint, and the values of its parts."""

    fingerprint: str
    values: frozenset[str]


def describe(finding: Finding) -> Value:
    return Value(finding.fingerprint, frozenset(part.value or '' for part in finding.parts))


def make_request(git: Git, mode: ScanMode, revision: str = '') -> ScanRequest:
    scope = ScanScope(mode, (str(git.folder),), revision)
    return ScanRequest(scope, ConfigOverrides(show_secrets=True), uses_cache=False)


def scan(git: Git, mode: ScanMode, revision: str = '') -> Report:
    request = make_request(git, mode, revision)
    return run_scan(request, configure(request))


def list_commits(git: Git) -> list[str]:
    return git('rev-list', '--all').split()


def scan_trees(git: Git, config: Config) -> Iterator[Finding]:
    """Yield what scans of the trees of all commits find."""
    known: dict[tuple[str, str], tuple[Finding, ...]] = {}
    rules = load_rules()
    for commit in list_commits(git):
        for row in git('ls-tree', '-r', '--full-tree', commit).splitlines():
            meta, path = row.split('\t')
            place = path, meta.split()[2]
            if place not in known and not config.is_excluded(path):
                data = git('cat-file', 'blob', place[1]).encode() + b'\n'
                known[place] = scan_blob(Blob(data, Origin(path, commit)), rules, config).findings
    for found in known.values():
        yield from found


@pytest.mark.parametrize('seed', range(10))
def test_trees_histories_and_ranges_find_the_same(seed: int, tmp_path: Path) -> None:
    git = build_copies(tmp_path / 'bot', seed, 24)
    git.write('keylint.toml', CONFIGURATIONS[seed % len(CONFIGURATIONS)])
    request = make_request(git, 'history')
    config = configure(request)._replace(base=str(git.folder))
    root = git('rev-list', '--max-parents=0', 'main')
    history, added = scan(git, 'history'), scan(git, 'range', f'{root}..main')
    leading = {describe(finding): finding for finding in history.findings}
    found = {describe(finding): finding for finding in list_all_places(history.findings)} | leading
    for finding in scan_trees(git, config):
        own = describe(finding)
        assert own in found or any(own.values < other.values for other in found), finding.path
        same = found.get(own)
        assert same is None or finding.state == 'suppressed' or same.parts
    reached = {one for one, finding in leading.items() if finding.life and finding.life.commits}
    assert {describe(finding) for finding in added.findings} == reached
    for finding in (*history.findings, *added.findings):
        assert finding.commit, finding.path
        git('cat-file', '-e', f'{finding.commit}:{finding.path}')


# One row each: what hid a leak


class Row(NamedTuple):
    """Files of two commits, the configuration, and what git does between them."""

    first: dict[str, str]
    settings: str = ''
    moves: tuple[tuple[str, str], ...] = ()


PAIR = leak('one')
CSV = 'name,api_key,secret\nbinance,{},{}\n'.format(
    *(line.partition('=')[2].strip(' "') for line in PAIR.splitlines()[:2])
)
ROWS = {
    'a copy in an excluded folder': Row(
        {'src/conf.py': PAIR, 'tests/conf.py': PAIR}, 'exclude = ["tests/"]'
    ),
    'a move into an excluded folder': Row(
        {'src/conf.py': PAIR}, 'exclude = ["tests/"]', (('src/conf.py', 'tests/conf.py'),)
    ),
    'a copy under ignored rules, which sorts last': Row(
        {'src/conf.py': PAIR, 'tests/conf.py': PAIR},
        '[per-path-ignores]\n"tests/**" = ["binance-", "generic-"]',
    ),
    'a copy under ignored rules, which sorts first': Row(
        {'fixtures/conf.py': PAIR, 'src/conf.py': PAIR},
        '[per-path-ignores]\n"fixtures/**" = ["binance-", "generic-"]',
    ),
    'a copy with an ending that is not read as a table': Row({'keys.csv': CSV, 'a.xyz': CSV}),
    'a copy with an ending behind the ending': Row({'keys.csv': CSV, 'keys.csv.xyz': CSV}),
    'a rename that makes a table of a text': Row(
        {'keys.xyz': CSV}, '', (('keys.xyz', 'keys.csv'),)
    ),
    'a rename that makes a text of a table': Row(
        {'keys.csv': CSV}, '', (('keys.csv', 'keys.xyz'),)
    ),
    'a move out of an excluded folder': Row(
        {'tests/conf.py': PAIR}, 'exclude = ["tests/"]', (('tests/conf.py', 'src/conf.py'),)
    ),
}


@pytest.mark.parametrize('is_deleted', [False, True], ids=['kept', 'deleted later'])
@pytest.mark.parametrize('name', ROWS)
def test_no_path_hides_what_another_shows(name: str, is_deleted: bool, tmp_path: Path) -> None:
    row = ROWS[name]
    git = Git(tmp_path / 'bot')
    git.write('README.md', 'A bot.\n')
    root = git.commit()
    for path, text in row.first.items():
        git.write(path, text)
    git.commit()
    for old, new in row.moves:
        (git.folder / new).parent.mkdir(parents=True, exist_ok=True)
        git('mv', old, new)
        git.commit()
    if is_deleted:
        git(
            'rm', '-q', '-r', '--ignore-unmatch', *(path.name for path in git.folder.glob('[!.R]*'))
        )
        git.commit()
    git.write('keylint.toml', f'{row.settings}\n')
    for report in (scan(git, 'history'), scan(git, 'since', root), scan(git, 'range', f'{root}..')):
        [finding] = report.findings
        assert finding.state == 'open'
        assert {part.role for part in finding.parts} >= {'api-key', 'secret'}
        assert not report.skipped
        git('cat-file', '-e', f'{finding.commit}:{finding.path}')


def test_what_only_excluded_paths_have_is_counted(tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    git.write('README.md', 'A bot.\n')
    root = git.commit()
    git.write('tests/a.py', PAIR)
    git.write('tests/b.py', PAIR)
    git.commit()
    git.write('keylint.toml', 'exclude = ["tests/"]\n')
    for report in (scan(git, 'history'), scan(git, 'since', root)):
        assert report.findings == []
        assert dict(report.skipped) == {'excluded by configuration': 1}
