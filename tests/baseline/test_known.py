"""What stays known, and what is new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.baseline.common import LEAK, NEXT_TOKEN, OTHER, TOKEN, WEAK, entries, scan, states
from tests.conftest import Run


@pytest.mark.parametrize(
    ('name', 'before', 'after'),
    [
        pytest.param('a.env', LEAK, '# moved\n\n\n' + LEAK, id='moved down'),
        pytest.param(
            'a.py',
            f"TOKEN = '{TOKEN}'\n",
            f'if True:\n    TOKEN = "{TOKEN}"\n',
            id='re-indented and re-quoted',
        ),
        pytest.param('a.env', LEAK, LEAK.replace('\n', '\r\n'), id='other line ends'),
        pytest.param(
            'a.py', f"TOKEN = '{TOKEN}'\n", f"GITHUB = '{TOKEN}'\n", id='another name for the value'
        ),
        pytest.param('a.py', WEAK, '\n\n' + WEAK, id='a weak value moved down'),
        pytest.param('a.py', WEAK, WEAK.replace("'", '"'), id='a weak value re-quoted'),
    ],
)
def test_what_was_known_stays_known(
    keylint: Run, tmp_path: Path, name: str, before: str, after: str
) -> None:
    (tmp_path / name).write_text(before)
    assert keylint('baseline', 'create').returncode == 0
    (tmp_path / name).write_text(after)
    done = keylint('scan')
    assert done.returncode == 0, done.stdout
    assert '1 known' in done.stdout
    assert 'warning' not in done.stdout


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        pytest.param(LEAK, OTHER, id='another value at the place'),
        pytest.param(
            f"TOKEN = '{TOKEN}'\n",
            f"TOKEN = '{TOKEN}'; SECOND = '{NEXT_TOKEN}'\n",
            id='gitleaks#2239: a second value on the line',
        ),
        pytest.param(
            WEAK,
            WEAK + f"    DB_PASSWORD = '{expand_recipes('{pass:12}', 'second')}'\n",
            id='a second weak value of the same name',
        ),
        pytest.param(
            WEAK,
            WEAK + f"\n\nADMIN_PASSWORD = '{expand_recipes('{pass:12}', 'second')}'\n",
            id='a weak value under another name',
        ),
    ],
)
def test_a_new_value_at_a_known_place_is_new(
    keylint: Run, tmp_path: Path, before: str, after: str
) -> None:
    (tmp_path / 'a.py').write_text(before)
    keylint('baseline', 'create')
    (tmp_path / 'a.py').write_text(after)
    done = keylint('scan', '--format', 'json')
    assert done.returncode == 1
    assert [state for _, state in states(done)].count('open') == 1


@pytest.mark.parametrize('text', [LEAK, WEAK], ids=['strong', 'weak'])
def test_a_renamed_file_is_known_and_update_follows_it(
    keylint: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / 'a.py').write_text(text)
    keylint('baseline', 'create')
    name = entries(tmp_path)[0]['id']
    keylint('baseline', 'audit', '--set', f'{name}=accepted:for the moment', '--by', 'me')
    (tmp_path / 'deep').mkdir()
    (tmp_path / 'a.py').rename(tmp_path / 'deep' / 'b.py')
    assert scan(keylint, tmp_path) == [('deep/b.py', 'known')]
    assert keylint('baseline', 'update').returncode == 0
    (entry,) = entries(tmp_path)
    assert (entry['path'], entry['verdict'], entry['reason'], entry['by']) == (
        'deep/b.py',
        'accepted',
        'for the moment',
        'me',
    )
    assert scan(keylint, tmp_path) == [('deep/b.py', 'known')]


def test_a_weak_value_in_a_copy_is_new(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(WEAK)
    keylint('baseline', 'create')
    (tmp_path / 'b.py').write_text(WEAK)
    assert scan(keylint, tmp_path) == [('a.py', 'known'), ('b.py', 'open')]


def test_kingfisher_93_and_187_exceptions_are_by_content(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    keylint('baseline', 'create')
    (tmp_path / 'b.env').write_text(LEAK)
    (tmp_path / 'c.env').write_text(OTHER)
    assert scan(keylint, tmp_path) == [('a.env', 'known'), ('b.env', 'known'), ('c.env', 'open')]


def test_statements_about_keys_are_known_the_day_after(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text(
        'keys:\n  - exchange: binance\n    label: main\n    permissions: [read]\n'
        '    ip_allowlist: [203.0.113.7]\n'
        '    created: 2025-01-01\n    rotate_after: 30d\n'
    )
    assert keylint('scan', '--select', 'key-stale', '--today', '2026-01-01').returncode == 1
    keylint('baseline', 'create', '--today', '2026-01-01')
    found = json.loads(keylint('scan', '--format', 'json', '--today', '2026-02-01').stdout)[
        'findings'
    ]
    assert {
        (finding['rule'], finding['state']) for finding in found if finding['rule'] == 'key-stale'
    } == {('key-stale', 'known')}


def test_a_mark_still_suppresses_and_its_finding_is_not_written_down(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.py').write_text(
        f"TOKEN = '{TOKEN}'  # keylint:" + ' ignore[github-credential] a dead one\n'
    )
    keylint('baseline', 'create')
    assert entries(tmp_path) == []
    assert scan(keylint, tmp_path) == [('a.py', 'suppressed')]
