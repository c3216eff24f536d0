"""What the file gives away, and how it is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from keylint.baseline.entries import Entry, make_baseline
from keylint.baseline.file import read_baseline, render_baseline
from keylint.rules.recipes import expand_recipes
from tests.baseline.common import EMPTY, LEAK, NAME, PASSWORD, WEAK, entries
from tests.conftest import Repository, Run


def test_the_file_names_no_value_and_no_digest_that_could_be_guessed(
    keylint: Run, tmp_path: Path
) -> None:
    human = 'mysupersecretpassphraseforjwt'
    (tmp_path / 'a.py').write_text(
        WEAK
        + f"JWT_SECRET = '{human}'\nURL = 'postgres://bot:{PASSWORD}@db.example.org/bot'\n{LEAK}"
    )
    keylint('baseline', 'create')
    text, baseline = (tmp_path / NAME).read_text(), read_baseline(str(tmp_path / NAME))
    assert sum(bool(entry.local) for entry in baseline.entries.values()) >= 2
    fingerprints = {
        finding['fingerprint']
        for finding in json.loads(keylint('scan', '--format', 'json').stdout)['findings']
    }
    for secret in (PASSWORD, human, *(line.split('=')[1] for line in LEAK.split())):
        assert secret not in text
        for name in ('sha1', 'sha256', 'md5', 'blake2b'):
            assert hashlib.new(name, secret.encode()).hexdigest()[:16] not in text
    assert not any(fingerprint[:16] in text for fingerprint in fingerprints)
    (tmp_path / 'a.py').write_text(
        (tmp_path / 'a.py')
        .read_text()
        .replace(PASSWORD, expand_recipes('{pass:12}', 'changed'))
        .replace(human, human[::-1])
    )
    keylint('baseline', 'update')
    assert (tmp_path / NAME).read_text() == text, 'a weak value leaves no trace of itself'


def test_two_baselines_of_one_tree_share_no_name(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(WEAK + LEAK)
    keylint('baseline', 'create')
    first = {entry['id'] for entry in entries(tmp_path)}
    (tmp_path / NAME).unlink()
    keylint('baseline', 'create')
    assert not first & {entry['id'] for entry in entries(tmp_path)}


def test_the_file_is_no_finding_itself(keylint: Run, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f'{number}.env').write_text(
            expand_recipes(
                'KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\nDB_PASSWORD={pass:12}\n',
                str(number),
            )
        )
    keylint('baseline', 'create')
    assert len(entries(tmp_path)) == 80
    assert (
        json.loads(keylint('scan', NAME, '--format', 'json', '--pedantic', '--no-baseline').stdout)[
            'findings'
        ]
        == []
    )


def test_detect_secrets_394_moving_lines_changes_no_byte(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(WEAK + LEAK)
    keylint('baseline', 'create')
    before = (tmp_path / NAME).read_bytes()
    (tmp_path / 'a.py').write_text('#\n' * 50 + WEAK + '#\n' * 50 + LEAK)
    assert ' 0 added, 0 dropped' in keylint('baseline', 'update').stdout
    assert (tmp_path / NAME).read_bytes() == before


def test_one_more_finding_is_two_more_lines(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(EMPTY)
    for number in range(9):
        (tmp_path / f'{number}.env').write_text(
            expand_recipes('GITHUB_TOKEN=ghp_{alnum:36}\n', f'diff/{number}')
        )
    keylint('baseline', 'update')
    before = (tmp_path / NAME).read_text().splitlines()
    (tmp_path / 'new.env').write_text(expand_recipes('GITHUB_TOKEN=ghp_{alnum:36}\n', 'diff/new'))
    keylint('baseline', 'update')
    after = (tmp_path / NAME).read_text().splitlines()
    kept = {line.rstrip(',') for line in before}
    assert len(after) == len(before) + 2
    assert (
        len([line for line in after if line.rstrip(',') not in kept]) == 1
    )  # the other one, `unreviewed`, is like its neighbours


def test_mcp_context_forge_5758_two_branches_merge(keylint: Run, repository: Repository) -> None:
    repository.write(NAME, EMPTY)
    for number in range(12):
        repository.write(
            f'{number}.env', expand_recipes('GITHUB_TOKEN=ghp_{alnum:36}\n', f'merge/{number}')
        )
    keylint('baseline', 'update', cwd=repository.folder)
    repository.commit()
    for branch in ('left', 'right'):
        repository.git('checkout', '-q', '-b', branch, 'main')
        repository.write(
            f'{branch}.env',
            expand_recipes(
                'SLACK_TOKEN=xoxb-{digits:12}-{digits:12}-{alnum:24}\n'
                if branch == 'left'
                else LEAK,
                branch,
            ),
        )
        keylint('baseline', 'update', cwd=repository.folder)
        repository.commit()
    repository.git('merge', '-q', 'left')
    assert keylint('scan', cwd=repository.folder).returncode == 0, (
        repository.folder / NAME
    ).read_text()


def test_marks_of_a_merge_are_named_and_both_sides_may_be_kept(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    keylint('baseline', 'create')
    text = (tmp_path / NAME).read_text()
    (tmp_path / NAME).write_text(text.replace('  "entries"', '<<<<<<< HEAD\n  "entries"'))
    done = keylint('scan')
    assert (done.returncode, 'a merge left its marks' in done.stderr) == (2, True)
    document = json.loads(text)
    document['entries'] += [{**document['entries'][0], 'verdict': 'accepted'}]
    (tmp_path / NAME).write_text(json.dumps(document))
    assert [entry.verdict for entry in read_baseline(str(tmp_path / NAME)).entries.values()] == [
        'accepted'
    ]


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        pytest.param('{', 'not JSON', id='cut off'),
        pytest.param('[]', 'not a baseline of keylint', id='another form'),
        pytest.param(
            EMPTY.replace('": 1', '": 2'), 'this keylint reads version 1', id='a later version'
        ),
        pytest.param(EMPTY.replace('0011', 'xx11'), 'salt must be 32', id='no salt'),
        pytest.param(
            EMPTY.replace('[]', '[{"id": "a", "rule": "b"}]'),
            'entry 1: path is missing',
            id='a lacking key',
        ),
        pytest.param(
            EMPTY.replace('[]', '[{"id": "a", "rule": "b", "path": "c", "verdict": "fine"}]'),
            'allowed: unreviewed',
            id='a verdict',
        ),
        pytest.param(
            EMPTY.replace('[]', '[{"id": "a", "rule": "b", "path": "c", "untill": "x"}]'),
            "did you mean 'until'",
            id='an unknown key',
        ),
        pytest.param(
            EMPTY.replace('[]', '[{"id": "a", "rule": "b", "path": "c", "until": "soon"}]'),
            'must be a day',
            id='no day',
        ),
        pytest.param(
            EMPTY.replace('[]', '[{"id": "a", "rule": "b", "path": "c", "times": 0}]'),
            'above 0',
            id='no number',
        ),
    ],
)
def test_a_broken_file_is_an_error_and_never_all_clear(
    keylint: Run, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / NAME).write_text(text)
    (tmp_path / 'a.env').write_text('x=1\n')
    done = keylint('scan')
    assert done.returncode == 2
    assert NAME in done.stderr
    assert message in done.stderr


def test_odd_paths_and_reasons_come_back(tmp_path: Path) -> None:
    baseline = make_baseline(str(tmp_path / NAME))
    odd = Entry(
        '1' * 20,
        'r',
        'caf\u00e9/\u202e"\\\udcff\n.py',
        verdict='accepted',
        reason='a\u2028b',
        by='\u00e9',
        until='2026-01-01',
    )
    (tmp_path / NAME).write_text(render_baseline(baseline._replace(entries={odd.id: odd})))
    assert read_baseline(str(tmp_path / NAME)).entries == {odd.id: odd}
