"""Where the file is found, and how runs use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.baseline.common import LEAK, NAME, OTHER, WEAK, entries, scan
from tests.conftest import Repository, Run


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
        f'warning {NAME}:1 1 entry that no finding matches any more; `keylint baseline '
        f'update` drops them'
    ) in done.stdout
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
    return sorted(
        (place['path'], finding['state'])
        for finding in document['findings']
        for place in finding['places']
    )


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
            expand_recipes(
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
    assert (done.returncode, done.stdout) == (0, f'{NAME}: 0 entries, no findings\n')


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
