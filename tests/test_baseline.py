"""The baseline: what stays known and what is new, what the file gives away, triage in a terminal, the files of other scanners."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from keylint.baseline.file import Entry, fresh, read, rendered
from keylint.commands.review import day_of
from keylint.rules.recipes import expand
from tests.conftest import Repository, Run

NAME = '.keylint-baseline.json'
LEAK = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'baseline')
OTHER = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'another')
TOKEN = expand('ghp_{alnum:36}', 'baseline')
NEXT_TOKEN = expand('ghp_{alnum:36}', 'next')
PASSWORD = expand('{pass:12}', 'baseline')
WEAK = f"import db\nDB_PASSWORD = '{PASSWORD}'\n"
PLUGIN = Path(__file__).parent.parent / 'keylint' / 'integrations' / 'detect_secrets_plugin.py'
# A salt of its own makes ids the same every time.
EMPTY = (
    '{"keylint-baseline": 1, "salt": "' + '00112233445566778899aabbccddeeff' + '", "entries": []}\n'
)


def states(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    return [(finding['path'], finding['state']) for finding in json.loads(done.stdout)['findings']]


def entries(folder: Path) -> list[dict[str, Any]]:
    document: dict[str, Any] = json.loads((folder / NAME).read_text())
    return list(document['entries'])


def scan(keylint: Run, folder: Path, *arguments: str) -> list[tuple[str, str]]:
    return states(keylint('scan', '--format', 'json', *arguments, cwd=folder))


# What stays known, and what is new.


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
            WEAK + f"    DB_PASSWORD = '{expand('{pass:12}', 'second')}'\n",
            id='a second weak value of the same name',
        ),
        pytest.param(
            WEAK,
            WEAK + f"\n\nADMIN_PASSWORD = '{expand('{pass:12}', 'second')}'\n",
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
        'keys:\n  - exchange: binance\n    label: main\n    permissions: [read]\n    ip_allowlist: [203.0.113.7]\n'
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


# The file.


def test_the_file_names_no_value_and_no_digest_that_could_be_guessed(
    keylint: Run, tmp_path: Path
) -> None:
    human = 'mysupersecretpassphraseforjwt'
    (tmp_path / 'a.py').write_text(
        WEAK
        + f"JWT_SECRET = '{human}'\nURL = 'postgres://bot:{PASSWORD}@db.example.org/bot'\n{LEAK}"
    )
    keylint('baseline', 'create')
    text, baseline = (tmp_path / NAME).read_text(), read(str(tmp_path / NAME))
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
        .replace(PASSWORD, expand('{pass:12}', 'changed'))
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
            expand(
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
            expand('GITHUB_TOKEN=ghp_{alnum:36}\n', f'diff/{number}')
        )
    keylint('baseline', 'update')
    before = (tmp_path / NAME).read_text().splitlines()
    (tmp_path / 'new.env').write_text(expand('GITHUB_TOKEN=ghp_{alnum:36}\n', 'diff/new'))
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
            f'{number}.env', expand('GITHUB_TOKEN=ghp_{alnum:36}\n', f'merge/{number}')
        )
    keylint('baseline', 'update', cwd=repository.folder)
    repository.commit()
    for branch in ('left', 'right'):
        repository.git('checkout', '-q', '-b', branch, 'main')
        repository.write(
            f'{branch}.env',
            expand(
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
    assert [entry.verdict for entry in read(str(tmp_path / NAME)).entries.values()] == ['accepted']


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
    baseline = fresh(str(tmp_path / NAME))
    odd = Entry(
        '1' * 20,
        'r',
        'caf\u00e9/\u202e"\\\udcff\n.py',
        verdict='accepted',
        reason='a\u2028b',
        by='\u00e9',
        until='2026-01-01',
    )
    (tmp_path / NAME).write_text(rendered(baseline._replace(entries={odd.id: odd})))
    assert read(str(tmp_path / NAME)).entries == {odd.id: odd}


# Where it is found, and how runs use it.


def test_it_is_found_beside_the_configuration_at_the_top_and_where_it_is_named(
    keylint: Run, repository: Repository
) -> None:
    repository.write('sub/a.env', LEAK)
    repository.write('b.py', WEAK)
    keylint('baseline', 'create', cwd=repository.folder)
    sub = repository.folder / 'sub'
    for place, arguments, count in (
        (repository.folder, (), 2),
        (sub, (), 1),
        (sub, ('../b.py',), 1),
        (sub, (str(repository.folder),), 2),
    ):
        assert [state for _, state in scan(keylint, place, *arguments)] == ['known'] * count
    assert keylint('scan', '--no-baseline', cwd=repository.folder).returncode == 1
    assert keylint('scan', '--isolated', cwd=repository.folder).returncode == 1
    (repository.folder / NAME).rename(repository.folder / 'kept.json')
    assert keylint('scan', cwd=repository.folder).returncode == 1
    assert keylint('scan', '--baseline', 'kept.json', cwd=repository.folder).returncode == 0
    repository.write('keylint.toml', 'baseline = "kept.json"\n')
    assert keylint('scan', cwd=repository.folder).returncode == 0
    assert keylint('scan', cwd=sub).returncode == 0
    done = keylint('scan', '--baseline', 'gone.json', cwd=repository.folder)
    assert (done.returncode, 'no such baseline' in done.stderr) == (2, True)
    repository.write('keylint.toml', 'baseline = 1\n')
    assert 'baseline must be the name of a file' in keylint('scan', cwd=repository.folder).stderr


def test_it_is_made_for_the_whole_repository_from_any_folder_of_it(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.write('sub/b.py', WEAK)
    for action in ('create', 'update'):
        assert keylint('baseline', action, cwd=repository.folder / 'sub').returncode == 0
    assert sorted(entry['path'] for entry in entries(repository.folder)) == ['a.env', 'sub/b.py']
    assert not (repository.folder / 'sub' / NAME).exists()


def test_it_works_on_the_index_and_calls_only_scanned_paths_stale(
    keylint: Run, repository: Repository
) -> None:
    for name, text in (('a.env', LEAK), ('b.env', OTHER), ('c.py', WEAK)):
        repository.write(name, text)
    keylint('baseline', 'create', cwd=repository.folder)
    repository.commit()
    repository.write('a.env', 'x=1\n')
    repository.write('b.env', 'x=1\n')
    repository.write('c.py', '#\n' + WEAK)
    repository.git('add', 'a.env', 'c.py')
    staged = keylint('scan', '--staged', cwd=repository.folder)
    assert '1 entry that no finding matches any more' in staged.stdout
    assert 'no findings' in staged.stdout
    assert '1 known' in staged.stdout
    assert (
        '2 entries that no finding matches any more'
        in keylint('scan', cwd=repository.folder).stdout
    )
    assert 'matches' not in keylint('scan', 'c.py', cwd=repository.folder).stdout
    assert 'matches' not in keylint('scan', '--select', 'kraken', cwd=repository.folder).stdout
    repository.write('keylint.toml', 'ignore = ["binance"]\n')
    assert 'matches' not in keylint('scan', cwd=repository.folder).stdout
    assert '0 dropped' in keylint('baseline', 'update', cwd=repository.folder).stdout, (
        'what a rule that is off has to say is kept'
    )


def test_wikimind_274_what_is_gone_is_told_and_update_drops_it(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    (tmp_path / 'b.env').write_text(OTHER)
    keylint('baseline', 'create')
    (tmp_path / 'a.env').unlink()
    done = keylint('scan')
    assert done.returncode == 0
    assert (
        f'warning {NAME}:1 1 entry that no finding matches any more; `keylint baseline update` drops them'
        in done.stdout
    )
    assert '0 added, 1 dropped' in keylint('baseline', 'update').stdout
    assert [entry['path'] for entry in entries(tmp_path)] == ['b.env']
    assert 'warning' not in keylint('scan').stdout


def test_it_holds_for_histories_and_takes_what_only_a_history_holds(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.write('b.env', OTHER)
    repository.commit()
    repository.write('a.env', 'x=1\n')
    repository.commit()
    keylint('baseline', 'create', cwd=repository.folder)
    history = json.loads(
        keylint('scan', '--history', '--format', 'json', cwd=repository.folder).stdout
    )
    assert sorted(states_of(history)) == [('a.env', 'open'), ('b.env', 'known')]
    assert history['warnings'] == []
    keylint('baseline', 'update', '--history', cwd=repository.folder)
    assert [
        (entry['path'], entry.get('history', False))
        for entry in sorted(entries(repository.folder), key=lambda e: e['path'])
    ] == [('a.env', True), ('b.env', False)]
    assert keylint('scan', '--history', cwd=repository.folder).returncode == 0
    assert '0 dropped' in keylint('baseline', 'update', cwd=repository.folder).stdout
    assert 'matches' not in keylint('scan', cwd=repository.folder).stdout


def states_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding['path'], finding['state']) for finding in document['findings']]


def test_librefang_6262_unreviewed_and_expired_entries_can_fail_a_run(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    keylint('baseline', 'create')
    assert keylint('scan').returncode == 0
    strict = keylint('scan', '--strict-baseline')
    assert strict.returncode == 1
    assert '1 entry that nobody has reviewed' in strict.stdout
    name = entries(tmp_path)[0]['id'][:8]
    assert (
        keylint(
            'baseline', 'audit', '--set', f'{name}=accepted:until the move', '--until', '2026-06-30'
        ).returncode
        == 0
    )
    assert keylint('scan', '--strict-baseline', '--today', '2026-06-30').returncode == 0
    late = keylint('scan', '--today', '2026-07-01')
    assert late.returncode == 0
    assert '1 entry whose verdict has expired' in late.stdout
    assert keylint('scan', '--strict-baseline', '--today', '2026-07-01').returncode == 1
    shown = keylint('baseline', 'show', '--today', '2026-07-01').stdout
    assert 'EXPIRED 2026-06-30' in shown
    assert '1 accepted, 1 expired' in shown
    assert (
        'known: accepted: until the move'
        in keylint('scan', '--format', 'junit', '--today', '2026-06-30').stdout
    )


def test_kingfisher_136_the_same_run_gives_the_same_answer(keylint: Run, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f'{number}.env').write_text(
            expand(
                'KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\nDB_PASSWORD={pass:12}\n',
                str(number),
            )
        )
    keylint('baseline', 'create')
    runs = [
        json.loads(keylint('scan', '--format', 'json', KEYLINT_WORKERS=count).stdout)
        for count in ('1', '3')
    ]
    for document in runs:
        document['summary'].pop('seconds')
    assert runs[0] == runs[1]
    assert (runs[0]['summary']['known'], runs[0]['summary']['findings']) == (60, {})


def test_an_empty_baseline_asks_for_no_decision(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.env').write_text('BINANCE_API_KEY=your_key\n')
    done = keylint('baseline', 'create')
    assert (done.returncode, done.stdout) == (0, f'{NAME}: 0 entries, nothing was found\n')


def test_create_refuses_what_is_there_and_actions_say_what_they_need(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'a.env').write_text(LEAK)
    assert 'baseline create` writes it' in keylint('baseline', 'update').stderr
    assert keylint('baseline', 'create').returncode == 0
    before = (tmp_path / NAME).read_bytes()
    again = keylint('baseline', 'create')
    assert (again.returncode, 'update' in again.stderr) == (2, True)
    for arguments, message in (
        (('import',), 'name the file'),
        (('export',), '--detect-secrets'),
        (('show', 'x.json'), '--baseline x.json'),
        (('audit', '--set', 'abcdef=fine'), 'allowed:'),
        (('audit', '--set', 'abcdef'), 'ID=VERDICT'),
        (('audit', '--set', 'abcdef=accepted'), "no entry 'abcdef'"),
        (('audit', '--until', 'soon'), 'must be a day'),
    ):
        done = keylint('baseline', *arguments)
        assert (done.returncode, message in done.stderr) == (2, True), (arguments, done.stderr)
    assert (tmp_path / NAME).read_bytes() == before


@pytest.mark.parametrize('text', [LEAK, WEAK], ids=['strong', 'weak'])
def test_set_takes_the_fingerprint_of_a_report(keylint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / 'a.py').write_text(text)
    keylint('baseline', 'create')
    fingerprint = json.loads(keylint('scan', '--format', 'json').stdout)['findings'][0][
        'fingerprint'
    ]
    assert (
        keylint('baseline', 'audit', '--set', f'{fingerprint}=rotated: gone since May').returncode
        == 0
    )
    assert [(entry['verdict'], entry['reason']) for entry in entries(tmp_path)] == [
        ('rotated', 'gone since May')
    ]


# Triage.


class Terminal:
    """`keylint baseline audit` behind a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._handle, other = pty.openpty()
        self._process = subprocess.Popen(
            [
                sys.executable,
                '-m',
                'keylint',
                'baseline',
                'audit',
                '--by',
                'tester',
                '--today',
                '2026-01-01',
                '--no-progress',
                *arguments,
            ],
            cwd=folder,
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
        )
        os.close(other)
        self.seen, self._place = '', 0

    def until(self, text: str) -> str:
        """What is shown after the last such text up to this one, which must come."""
        limit = time.monotonic() + 60
        while text not in self.seen[self._place :]:
            assert time.monotonic() < limit, self.seen
            if select.select([self._handle], [], [], 1)[0]:
                try:
                    self.seen += os.read(self._handle, 4096).decode()
                except OSError:
                    break
        start, self._place = self._place, self.seen.index(text, self._place) + len(text)
        return self.seen[start : self._place]

    def press(self, keys: str) -> None:
        os.write(self._handle, keys.encode())

    def end(self) -> int:
        code = self._process.wait(60)
        os.close(self._handle)
        return code


def three(folder: Path) -> None:
    (folder / NAME).write_text(EMPTY)
    (folder / 'a.env').write_text(LEAK)
    (folder / 'b.py').write_text(f"TOKEN = '{TOKEN}'\n")
    (folder / 'c.py').write_text(WEAK)


def verdicts(folder: Path) -> dict[str, tuple[str, str, str]]:
    return {
        entry['path']: (entry['verdict'], entry.get('reason', ''), entry.get('until', ''))
        for entry in entries(folder)
    }


def test_triage_one_by_one_with_undo_and_resume(keylint: Run, tmp_path: Path) -> None:
    three(tmp_path)
    keylint('baseline', 'update')
    terminal = Terminal(tmp_path)
    first = terminal.until('[?] > ')
    assert '[1/3] critical' in first
    assert 'a.env:1' in first
    assert 'BINANCE_API_SECRET=…' in first
    terminal.press('r')
    terminal.until('reason')
    terminal.press('revoked in May\n')
    terminal.until('[2/3]')
    assert verdicts(tmp_path)['a.env'] == ('rotated', 'revoked in May', ''), (
        'written before the next question'
    )
    terminal.until('[?] > ')
    terminal.press('u')
    terminal.until('[1/3]')
    assert verdicts(tmp_path)['a.env'] == ('unreviewed', '', '')
    terminal.until('[?] > ')
    terminal.press('a')
    terminal.until('reason')
    terminal.press('\n')
    terminal.until('until')
    terminal.press('soon\n')
    terminal.until("'soon' is no day")
    terminal.press('3m\n')
    terminal.until('[2/3]')
    terminal.until('[?] > ')
    terminal.press('\x1b[A')  # an arrow is no answer
    terminal.until('false positive:')
    terminal.until('[?] > ')
    terminal.press('s')
    terminal.until('[3/3]')
    terminal.until('[?] > ')
    terminal.press('b')
    terminal.until('[2/3]')
    terminal.until('[?] > ')
    terminal.press('q')
    terminal.until('1 decided now, 2 left')
    assert terminal.end() == 0
    assert verdicts(tmp_path)['a.env'] == ('accepted', '', '2026-04-01')
    assert {entry.get('by') for entry in entries(tmp_path)} == {'tester', None}

    again = Terminal(tmp_path)
    assert 'a.env' not in again.until('[1/2]')
    for number in ('1', '2'):
        again.until('[?] > ')
        again.press('f')
        again.until('reason')
        again.press(f'no {number}\n')
    again.until('2 decided now, none left')
    assert again.end() == 0
    assert {verdict for verdict, _, _ in verdicts(tmp_path).values()} == {
        'accepted',
        'false-positive',
    }
    for shown in (terminal.seen, again.seen):
        assert not any(
            secret in shown
            for secret in (PASSWORD, TOKEN, *(line.split('=')[1] for line in LEAK.split()))
        )


def test_interrupting_triage_keeps_what_was_decided_and_the_terminal(
    keylint: Run, tmp_path: Path
) -> None:
    three(tmp_path)
    keylint('baseline', 'update')
    terminal = Terminal(tmp_path)
    terminal.until('[?] > ')
    terminal.press('f')
    terminal.until('reason')
    terminal.press('one\n')
    terminal.until('[2/3]')
    terminal.until('[?] > ')
    os.killpg(terminal._process.pid, 2)
    terminal.until('interrupted')
    assert terminal.end() == 130
    assert [verdict for verdict, _, _ in verdicts(tmp_path).values()].count('false-positive') == 1


def test_hostile_names_cannot_steer_the_terminal(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a\x1b[2J\n.env').write_text(LEAK)
    keylint('baseline', 'create')
    terminal = Terminal(tmp_path)
    terminal.until('[?] > ')
    terminal.press('q')
    terminal.until('left')
    assert terminal.end() == 0
    assert '\x1b' not in terminal.seen
    assert '\x1b' not in keylint('baseline', 'show').stdout


def test_triage_reads_lines_from_a_pipe_and_ends_with_them(keylint: Run, tmp_path: Path) -> None:
    three(tmp_path)
    keylint('baseline', 'update')
    done = keylint('baseline', 'audit', '--today', '2026-01-01', stdin=b'accept\nlater\n30d\nf\n\n')
    assert done.returncode == 0
    assert '2 decided now, 1 left' in done.stdout
    assert verdicts(tmp_path)['a.env'] == ('accepted', 'later', '2026-01-31')
    assert 'nothing to decide' not in done.stdout
    everything = keylint(
        'baseline', 'audit', '--all', '--today', '2026-01-01', stdin=b'u\ns\ns\ns\n'
    )
    assert 'nothing to undo' in everything.stdout
    assert 'was:   accepted, until 2026-01-31 later' in everything.stdout
    assert '0 decided now, 1 left' in everything.stdout


def test_findings_that_are_not_in_the_baseline_are_told(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(EMPTY)
    (tmp_path / 'a.env').write_text(LEAK)
    done = keylint('baseline', 'audit')
    assert '1 finding not in the baseline yet' in done.stdout
    assert 'nothing to decide' in done.stdout


@pytest.mark.parametrize(
    ('text', 'day'),
    [
        ('', ''),
        ('2026-02-28', '2026-02-28'),
        ('1y', '2027-01-01'),
        ('2 w', '2026-01-15'),
        ('2026-02-30', None),
        ('tomorrow', None),
        ('9999y', None),
    ],
)
def test_days(text: str, day: str | None) -> None:
    assert day_of(text, '2026-01-01') == day


# Other scanners.


def detect_secrets(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, '-m', *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_secrets_baseline_is_imported_by_value(keylint: Run, repository: Repository) -> None:
    repository.write('b.py', f"import os\nTOKEN = '{TOKEN}'\n")
    repository.write('c.py', WEAK)
    repository.write('gone.py', f"TOKEN = '{NEXT_TOKEN}'\n")
    repository.commit()
    theirs = json.loads(
        detect_secrets(
            repository.folder, 'detect_secrets', 'scan', '--exclude-files', 'docs/.*'
        ).stdout
    )
    for row in theirs['results']['c.py']:
        row['is_secret'] = False
    (repository.folder / 'gone.py').unlink()
    repository.write('.secrets.baseline', json.dumps(theirs, indent=2))
    repository.write('b.py', f"import os\n\n\nTOKEN = '{TOKEN}'\n")
    done = keylint('baseline', 'import', '.secrets.baseline', cwd=repository.folder)
    assert done.returncode == 0, done.stderr
    assert 'keylint finds no such value' in done.stdout
    assert 'gone.py' in done.stdout
    assert 'files that are left out: `exclude` in keylint.toml' in done.stdout
    told = {
        entry['path']: (entry['verdict'], entry['reason']) for entry in entries(repository.folder)
    }
    assert told['b.py'][0] == 'unreviewed'
    assert told['c.py'] == (
        'false-positive',
        'from detect-secrets: Secret Keyword, labelled there as no secret',
    )
    assert keylint('scan', cwd=repository.folder).returncode == 0


def test_gitleaks_10_a_redacted_report_and_ignore_files_are_imported(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.commit()
    commit = repository.git('rev-parse', 'HEAD').strip()
    repository.write('a.env', '# now empty\n')
    repository.write('b.py', f"\nTOKEN = '{TOKEN}'\n")
    repository.write('two.py', f"A, B = '{TOKEN[:-1]}x', '{NEXT_TOKEN}'\n")
    repository.write(
        '.gitleaksignore',
        f'# known\n{commit}:a.env:generic-api-key:1\n{"0" * 40}:a.env:generic-api-key:1\nb.py:github-pat:2\n'
        'two.py:github-pat:1\nb.py:github-pat:77\nzip!b.py:github-pat:1\nwhat is this\n',
    )
    done = keylint('baseline', 'import', '.gitleaksignore', cwd=repository.folder)
    assert '.gitleaksignore: 2 of 5 carried over' in done.stdout
    for reason in (
        'the commit is not in this repository',
        'several findings on that line',
        'keylint finds nothing on that line',
        'inside an archive',
        'is no fingerprint',
    ):
        assert reason in done.stdout
    assert {entry['path']: entry.get('history', False) for entry in entries(repository.folder)} == {
        'a.env': True,
        'b.py': False,
    }
    row = {
        'RuleID': 'github-pat',
        'StartLine': 2,
        'File': 'b.py',
        'Commit': '',
        'Fingerprint': 'b.py:github-pat:2',
    }
    (repository.folder / NAME).unlink()
    repository.write(
        'report.json',
        json.dumps(
            [{**row, 'Secret': 'REDACTED'}, {**row, 'File': 'moved.py', 'Secret': NEXT_TOKEN}]
        ),
    )
    done = keylint('baseline', 'import', 'report.json', cwd=repository.folder)
    assert 'gitleaks: 2 of 2 carried over, 1 of them by their lines alone' in done.stdout
    assert 'the values of 1 findings, which were redacted' in done.stdout
    assert {entry['path'] for entry in entries(repository.folder)} == {'b.py', 'two.py'}


def test_what_was_decided_here_outlives_an_import(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'b.py').write_text(f"TOKEN = '{TOKEN}'\n")
    keylint('baseline', 'create')
    keylint('baseline', 'audit', '--set', f'{entries(tmp_path)[0]["id"]}=rotated:in May')
    (tmp_path / '.gitleaksignore').write_text('b.py:github-pat:1\n')
    assert '1 of 1 carried over' in keylint('baseline', 'import', '.gitleaksignore').stdout
    assert verdicts(tmp_path) == {'b.py': ('rotated', 'in May', '')}


@pytest.mark.parametrize(
    'text',
    [
        'version: 2\nfingerprint_algorithm: kingfisher-v1\n'
        "repositories:\n- id: x\n  findings:\n  - path: b.py\n    fingerprint: '12'\n    rule_id: gh\n"
        "    line: 1\n- id: x/.git\n  findings:\n  - path: b.py\n    fingerprint: '34'\n    rule_id: gh\n    line: 1\n",
        'ExactFindings:\n  matches:\n  - filepath: b.py\n    fingerprint: 0f\n    linenum: 1\n    lastupdated: Mon\n',
    ],
    ids=['version 2', 'version 1'],
)
def test_kingfisher_baselines_are_imported_by_line(keylint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / 'b.py').write_text(f"TOKEN = '{TOKEN}'\n")
    (tmp_path / 'known.yml').write_text(text)
    done = keylint('baseline', 'import', 'known.yml')
    assert 'kingfisher: 1 of 1 carried over, 1 of them by their lines alone' in done.stdout
    assert 'which only kingfisher can compute' in done.stdout
    assert keylint('scan', 'b.py').returncode == 0


@pytest.mark.parametrize(
    'text',
    [
        'just words\n',
        '{"a": 1}',
        '[1]',
        EMPTY,
        '{"results": {"a": [{"type": "x"}]}}',
        'ExactFindings: [1]',
        '{"results"',
    ],
)
def test_a_file_of_nobody_is_one_clear_line(keylint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / 'x').write_text(text)
    done = keylint('baseline', 'import', 'x')
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / NAME).exists()


def test_an_export_is_a_baseline_that_detect_secrets_accepts(
    keylint: Run, repository: Repository
) -> None:
    three(repository.folder)
    keylint('baseline', 'update', cwd=repository.folder)
    fake = next(entry['id'] for entry in entries(repository.folder) if entry['path'] == 'b.py')
    keylint('baseline', 'audit', '--set', f'{fake}=false-positive', cwd=repository.folder)
    done = keylint('baseline', 'export', '--detect-secrets', cwd=repository.folder)
    assert '1 weak value left out' in done.stderr
    repository.git('add', '-A')
    hook = ('detect_secrets.pre_commit_hook', '--baseline', '.secrets.baseline')
    with_plugin = (*hook, '-p', str(PLUGIN))
    for command, plugin in ((hook, ()), (with_plugin, ('--plugin', str(PLUGIN)))):
        keylint('baseline', 'export', '--detect-secrets', *plugin, cwd=repository.folder)
        repository.git('add', '-A')
        assert detect_secrets(repository.folder, *command, 'a.env', 'b.py').returncode == 0
        assert detect_secrets(repository.folder, *command, 'c.py').returncode == 1, (
            'the weak value is not in it'
        )
    text = (repository.folder / '.secrets.baseline').read_text()
    assert hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).hexdigest() not in text
    labels = {
        path: {row.get('is_secret') for row in rows}
        for path, rows in json.loads(text)['results'].items()
    }
    assert labels == {'a.env': {None}, 'b.py': {False}}
    repository.write('d.env', OTHER)
    assert detect_secrets(repository.folder, *with_plugin, 'd.env').returncode == 1
    keylint(
        'baseline',
        'export',
        '--detect-secrets',
        '--all',
        '--plugin',
        str(PLUGIN),
        cwd=repository.folder,
    )
    repository.git('add', '-A')
    assert detect_secrets(repository.folder, *with_plugin, 'a.env', 'b.py', 'c.py').returncode == 0
    again = keylint('baseline', 'import', '.secrets.baseline', cwd=repository.folder)
    assert 'not carried over' not in again.stdout


def test_the_plugin_joins_key_and_secret_and_is_silent_on_samples(repository: Repository) -> None:
    repository.write('a.env', LEAK)
    repository.write('clean.env', 'BINANCE_API_KEY=your_key\nBINANCE_API_SECRET=your_secret\n')
    repository.commit()
    done = detect_secrets(repository.folder, 'detect_secrets', 'scan', '-p', str(PLUGIN))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    ours = [
        (row['filename'], row['line_number'])
        for rows in document['results'].values()
        for row in rows
        if '(keylint)' in row['type']
    ]
    assert ours == [('a.env', 1), ('a.env', 2)]
    line = LEAK.split('\n')[1]
    adhoc = detect_secrets(
        repository.folder, 'detect_secrets', 'scan', '-p', str(PLUGIN), '--string', line
    )
    assert re.search(r'KeylintDetector *: True', adhoc.stdout), adhoc.stdout


def test_the_plugin_works_from_two_lines_in_the_repository(
    keylint: Run, repository: Repository
) -> None:
    repository.write('a.env', LEAK)
    repository.write(
        'tools/plugin.py',
        'from keylint.integrations.detect_secrets_plugin import KeylintDetector\n__all__ = ["KeylintDetector"]\n',
    )
    keylint('baseline', 'create', cwd=repository.folder)
    keylint(
        'baseline',
        'export',
        '--detect-secrets',
        '--plugin',
        'tools/plugin.py',
        cwd=repository.folder,
    )
    assert '"file://tools/plugin.py"' in (repository.folder / '.secrets.baseline').read_text()
    repository.git('add', '-A')
    hook = (
        'detect_secrets.pre_commit_hook',
        '--baseline',
        '.secrets.baseline',
        '-p',
        'tools/plugin.py',
    )
    assert detect_secrets(repository.folder, *hook, 'a.env').returncode == 0
    repository.write('a.env', OTHER)
    assert detect_secrets(repository.folder, *hook, 'a.env').returncode == 1


def test_the_plugin_imports_nothing_heavy_of_ours() -> None:
    code = f'import sys, runpy; runpy.run_path({str(PLUGIN)!r}); print(*[name for name in sys.modules if name.startswith("keylint")])'
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
