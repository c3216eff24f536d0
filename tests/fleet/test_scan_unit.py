"""What a unit of work finds is what `scan --history` finds, however the work is cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.core.errors import SourceError
from keylint.fleet.codec import unpack
from keylint.fleet.units import ChunkObjects, UnitAnswer
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.fleet.fleets import (
    look,
    look_in_chunks,
    make_bot,
    make_settings,
    read_finding,
    render_json,
    write_pair,
)
from tests.hiding import Git, build

pytestmark = pytest.mark.slow  # real repositories


@pytest.fixture(scope='module')
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('hidden')
    build(folder)
    return folder / 'bot'


def scan_alone(keylint: Run, folder: Path, *options: str) -> list[dict[str, object]]:
    options = options or ('--isolated',)
    done = keylint('scan', '--history', str(folder), '--format', 'json', '--no-cache', *options)
    rows: list[dict[str, object]] = json.loads(done.stdout)['findings']
    return rows


def test_every_place_of_a_history_is_found_as_by_a_scan_alone(keylint: Run, hidden: Path) -> None:
    answer = look(hidden)
    expected = scan_alone(keylint, hidden)
    assert len(expected) > 20
    assert answer.kind == 'done'
    assert render_json(list(answer.found)) == expected


def test_the_cut_does_not_change_the_findings(
    keylint: Run, hidden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('keylint.history.batches._MIN_BYTES', 2000)
    answer = look_in_chunks(hidden, make_settings(chunk_bytes=1), backwards=True)
    assert render_json(list(answer.found)) == scan_alone(keylint, hidden)
    whole = look(hidden)
    assert answer.clean == whole.clean
    assert answer.state == whole.state
    assert [one.digests for one in answer.found] == [one.digests for one in whole.found]


@pytest.mark.parametrize('no_ignore', [False, True])
def test_dependencies_of_the_past_are_read_as_by_a_scan_alone(
    keylint: Run, tmp_path: Path, no_ignore: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('keylint.history.batches._MIN_BYTES', 200)
    git = Git(tmp_path / 'bot')
    git.write('bot.env', write_pair('own'))
    git.write('node_modules/left-pad/index.js', write_pair('package'))
    git.write('node_modules/left-pad/groq.js', expand_recipes("k = 'gsk_{alnum:52}'\n", 'token'))
    git.commit()
    git('rm', '-q', '-r', '--cached', 'node_modules')
    git('commit', '-q', '-m', 'less')
    options = ('--isolated', *(['--no-ignore'] if no_ignore else ()))
    expected = scan_alone(keylint, git.folder, *options)
    settings = make_settings(includes_ignored=no_ignore)
    assert ('binance' in json.dumps(expected[1])) == no_ignore
    assert 'groq' in json.dumps(expected[1])
    assert render_json(list(look(git.folder, settings).found)) == expected
    in_chunks = look_in_chunks(git.folder, settings._replace(chunk_bytes=1))
    assert render_json(list(in_chunks.found)) == expected


def test_a_configuration_and_a_baseline_of_the_repository_hold(
    keylint: Run, tmp_path: Path
) -> None:
    git = make_bot(tmp_path / 'bot', 'configured')
    git.write('test/other.env', write_pair('other'))
    git.write('keylint.toml', 'exclude = ["test/"]\n')
    git.commit()
    keylint('baseline', 'create', cwd=git.folder)
    answer = look(
        git.folder, make_settings(overrides=make_settings().overrides._replace(isolated=False))
    )
    assert render_json(list(answer.found)) == scan_alone(
        keylint, git.folder, '--today', '2026-01-31'
    )
    states = {read_finding(one).path: (one.state, one.is_counted) for one in answer.found}
    assert states == {'bot.env': ('known', False), 'gone.env': ('open', True)}
    assert answer.skipped == 1


def test_the_same_value_has_the_same_digest_in_another_repository(tmp_path: Path) -> None:
    one, other = Git(tmp_path / 'a'), Git(tmp_path / 'b')
    one.write('a.env', write_pair('shared'))
    one.commit()
    other.write('deep/b.yaml', write_pair('shared').replace('=', ': '))
    other.commit()
    first, second = look(one.folder).found, look(other.folder).found
    assert first[0].digests[0] == second[0].digests[0]
    key = make_settings().key.__class__(bytes(32))
    [third] = look(one.folder, make_settings(key=key)).found
    assert not set(third.digests) & set(first[0].digests)


def test_nothing_that_leaves_holds_a_value(tmp_path: Path) -> None:
    git = make_bot(tmp_path / 'bot', 'values')
    answer = look(git.folder, make_settings(reads_keys=True))
    text = repr(answer) + repr([read_finding(one) for one in answer.found])
    values = [line.partition('=')[2] for line in write_pair('values').splitlines()]
    for value in values:
        assert value[8:24] not in text
    assert all(part.value is None for one in answer.found for part in read_finding(one).parts)
    assert 'OwnerKey(…)' in repr(make_settings())
    assert bytes(range(32)).hex() not in repr(make_settings())


def test_what_was_clean_is_not_read_again_and_what_is_new_is(tmp_path: Path) -> None:
    git = make_bot(tmp_path / 'bot', 'again')
    first = look(git.folder)
    assert look(git.folder, state=first.state).kind == 'unchanged'
    git.write('new.env', write_pair('new'))
    git.commit()
    known: dict[str, Any] = {
        'state': first.state,
        'known_state': first.known_state,
        'known': first.clean,
    }
    second = look(git.folder, **known)
    fresh = look(git.folder)
    assert second.found == fresh.found
    assert len(second.found) == 3
    assert second.clean == fresh.clean
    cut = look(git.folder, make_settings(chunk_bytes=1), **known)
    chunks = [cut] if cut.kind == 'done' else [unpack(ChunkObjects, one) for one in cut.chunks]
    assert chunks
    # Other rules or another configuration: all is looked at again.
    other = look(git.folder, make_settings(build=b'other'), **known)
    assert other.kind == 'done'
    assert other.known_state != first.known_state
    assert other.found == fresh.found


@pytest.mark.parametrize('change', ['ref', 'index', 'baseline', 'dependencies'])
def test_what_decides_a_look_decides_whether_it_is_the_same(
    keylint: Run, tmp_path: Path, change: str
) -> None:
    git = make_bot(tmp_path / 'bot', 'state')
    settings = make_settings(overrides=make_settings().overrides._replace(isolated=False))
    first = look(git.folder, settings)
    assert look(git.folder, settings, state=first.state).kind == 'unchanged'
    if change == 'ref':
        git('tag', 'v1')
    elif change == 'index':
        git('rm', '-q', '--cached', 'strategy.py')
    elif change == 'dependencies':
        settings = settings._replace(includes_ignored=True)
    else:
        keylint('baseline', 'create', cwd=git.folder)
    assert look(git.folder, settings, state=first.state).kind == 'done'


def test_a_history_that_changed_is_planned_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('keylint.history.batches._MIN_BYTES', 500)
    git = make_bot(tmp_path / 'bot', 'moving')
    settings = make_settings(chunk_bytes=1)
    plan = look(git.folder, settings)
    git.write('new.env', write_pair('new'))
    git.commit()
    monkeypatch.setattr('tests.fleet.fleets.look', lambda *given: plan)
    answer: UnitAnswer = look_in_chunks(git.folder, settings)
    assert answer.kind == 'changed'
    assert not answer.found


def test_a_folder_that_is_gone_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match='no such folder'):
        look(tmp_path / 'gone')


def test_a_hostile_repository_runs_nothing(tmp_path: Path) -> None:
    """Law 6 holds in every worker, also where keys are read from the commit."""
    git = make_bot(tmp_path / 'bot', 'hostile')
    marker, program = tmp_path / 'ran', tmp_path / 'program'
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {marker}\n')
    program.chmod(0o755)
    git.write('.gitattributes', '* diff=evil filter=evil\n')
    git.commit()
    for key in (
        'core.fsmonitor',
        'core.pager',
        'core.sshCommand',
        'diff.external',
        'diff.evil.textconv',
        'filter.evil.smudge',
        'filter.evil.process',
        'pager.ls-tree',
        'uploadpack.packObjectsHook',
    ):
        git('config', key, str(program))
    git('config', 'alias.ls-tree', f'!{program}')
    git('config', 'core.hooksPath', str(tmp_path))
    (tmp_path / 'bot' / 'yaml.py').write_text(f'open({str(marker)!r}, "w")')
    answer = look(git.folder, make_settings(reads_keys=True))
    assert answer.kind == 'done'
    assert len(answer.found) == 2
    assert answer.keys
    assert not marker.exists(), marker.read_text()
