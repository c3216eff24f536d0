"""Repositories that want to run code, to fetch, to hide or to be endless."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from keylint.core.config import Config
from keylint.core.report import Report
from keylint.history.repository import choose_paths, open_repository
from keylint.rules.load import load_rules
from keylint.sources import tree_diff as changes
from tests.conftest import Run
from tests.hiding import Git, leak, secret
from tests.history.reports import HISTORY, listing, of, one, report
from tests.history.victims import assert_found

pytestmark = pytest.mark.slow


SCANS = (
    (*HISTORY, '.'),
    ('scan', '--since', 'HEAD~1', '--isolated'),
    ('scan', '.', '--isolated'),
    ('scan', '--staged', '--isolated'),
)


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """Provide a program that leaves a file behind; the file."""
    mark = tmp_path / 'ran'
    program = tmp_path / 'run.sh'
    program.write_text(f'#!/bin/sh\necho "$0 $@" >> {mark}\nexit 1\n')
    program.chmod(0o755)
    return mark


def program(marker: Path) -> str:
    return str(marker.parent / 'run.sh')


# Programs


CONFIGURED = (
    ('core.fsmonitor', '{run}'),
    ('core.pager', '{run}'),
    ('pager.cat-file', '{run}'),
    ('pager.diff-tree', '{run}'),
    ('core.editor', '{run}'),
    ('core.askPass', '{run}'),
    ('core.sshCommand', '{run}'),
    ('core.gitProxy', '{run}'),
    ('core.alternateRefsCommand', '{run}'),
    ('diff.external', '{run}'),
    ('diff.evil.textconv', '{run}'),
    ('diff.evil.command', '{run}'),
    ('filter.evil.smudge', '{run}'),
    ('filter.evil.clean', '{run}'),
    ('filter.evil.process', '{run}'),
    ('uploadpack.packObjectsHook', '{run}'),
    ('gpg.program', '{run}'),
    ('log.showSignature', 'true'),
    ('credential.helper', '!{run}'),
    ('alias.cat-file', '!{run}'),
    ('alias.diff-tree', '!{run}'),
    ('trailer.x.command', '{run}'),
    ('interactive.diffFilter', '{run}'),
    ('sequence.editor', '{run}'),
    ('merge.evil.driver', '{run}'),
    ('ssh.variant', 'ssh'),
    ('core.attributesFile', '.gitattributes'),
    ('core.notesRef', 'refs/notes/commits'),
)


def test_no_configured_program_runs(victim: Git, marker: Path, keylint: Run) -> None:
    hooks = victim.folder / '.git' / 'hooks'
    victim.write('.gitattributes', '* diff=evil filter=evil merge=evil\n')
    victim.write('.git/info/attributes', '* diff=evil filter=evil\n')
    victim('-c', 'filter.evil.clean=cat', 'add', '.gitattributes')
    for key, value in CONFIGURED:
        victim('config', key, value.format(run=program(marker)))
    for name in (
        'fsmonitor-watchman',
        'post-index-change',
        'post-checkout',
        'pre-auto-gc',
        'reference-transaction',
        'pre-commit',
        'post-rewrite',
    ):
        shutil.copy(program(marker), hooks / name)
    victim('config', 'core.hooksPath', str(hooks))
    for arguments in SCANS:
        done = keylint(*arguments, '--format', 'json', cwd=victim.folder)
        assert done.returncode == 1, done.stderr
        assert not marker.exists(), (arguments, marker.read_text())
    assert_found(report(victim.folder, '--show-secrets'), 'old', 'new', 'staged')


def test_a_configuration_of_another_file_runs_nothing_either(
    victim: Git, marker: Path, tmp_path: Path, keylint: Run
) -> None:
    other = tmp_path / 'other.config'
    other.write_text(
        f'[core]\n\tfsmonitor = {program(marker)}\n\thooksPath = {tmp_path}\n[diff]\n'
        f'\texternal = {program(marker)}\n'
    )
    victim('config', 'include.path', str(other))
    for arguments in SCANS:
        assert keylint(*arguments, cwd=victim.folder).returncode == 1
        assert not marker.exists(), marker.read_text()


# Fetching


REMOTES = (
    pytest.param('ext::{run} %S x', {}, id='ext'),
    pytest.param(
        'ext::{run} %S x',
        {'protocol.ext.allow': 'always', 'protocol.allow': 'always'},
        id='ext, allowed by the repository',
    ),
    pytest.param(
        'file://{other}',
        {'remote.origin.uploadpack': '{run}', 'protocol.file.allow': 'always'},
        id='file with a program of its own',
    ),
    pytest.param(
        'ssh://host/repository',
        {'core.sshCommand': '{run}', 'protocol.ssh.allow': 'always'},
        id='ssh',
    ),
    pytest.param(
        'x', {'remote.origin.vcs': 'ext', 'protocol.ext.allow': 'always'}, id='a remote helper'
    ),
    pytest.param(
        'git://localhost/x',
        {'core.gitProxy': '{run}', 'protocol.git.allow': 'always'},
        id='git with a proxy',
    ),
)


@pytest.mark.parametrize(('url', 'settings'), REMOTES)
def test_a_promisor_remote_is_never_asked(
    victim: Git, marker: Path, tmp_path: Path, url: str, settings: dict[str, str], keylint: Run
) -> None:
    lost = victim('rev-parse', 'HEAD~1:old.env')
    (victim.folder / '.git' / 'objects' / lost[:2] / lost[2:]).unlink()
    names = {'run': program(marker), 'other': str(tmp_path)}
    victim('config', 'core.repositoryFormatVersion', '1')
    for key, value in {
        'extensions.partialClone': 'origin',
        'remote.origin.promisor': 'true',
        'remote.origin.partialclonefilter': 'blob:none',
        'remote.origin.fetch': '+refs/heads/*:refs/remotes/origin/*',
        'remote.origin.url': url,
        **settings,
    }.items():
        victim('config', key, value.format(**names))
    before = listing(victim.folder)
    document = report(victim.folder, '--show-secrets', code=2)
    assert not marker.exists(), marker.read_text()
    assert [failure['path'] for failure in document['failures']] == ['old.env']
    assert lost[:12] in document['failures'][0]['error']
    assert_found(document, 'new', 'staged')
    line = f'refs/heads/main {victim("rev-parse", "HEAD")} refs/heads/main {"0" * 40}\n'
    ranged = keylint('scan', '--pre-push', '--isolated', cwd=victim.folder, stdin=line.encode())
    assert ranged.returncode == 2
    assert lost[:12] in ranged.stdout
    assert listing(victim.folder) == before
    assert not marker.exists(), marker.read_text()


def test_this_git_would_have_run_it(victim: Git, marker: Path) -> None:
    """The trap is a trap: plain git walks into it."""
    lost = victim('rev-parse', 'HEAD~1:old.env')
    (victim.folder / '.git' / 'objects' / lost[:2] / lost[2:]).unlink()
    for key, value in (
        ('core.repositoryFormatVersion', '1'),
        ('extensions.partialClone', 'origin'),
        ('remote.origin.promisor', 'true'),
        ('remote.origin.url', f'ext::{program(marker)} %S x'),
        ('protocol.ext.allow', 'always'),
    ):
        victim('config', key, value)
    subprocess.run(
        ['git', 'cat-file', '-p', lost], cwd=victim.folder, capture_output=True, check=False
    )
    assert marker.exists()


def test_a_partial_clone_and_a_shallow_one_name_what_they_lack(victim: Git, tmp_path: Path) -> None:
    victim('config', 'uploadpack.allowFilter', 'true')
    url = f'file://{victim.folder}'
    victim('clone', '-q', '--no-checkout', '--filter=blob:none', url, str(tmp_path / 'partial'))
    victim('clone', '-q', '--depth=1', url, str(tmp_path / 'shallow'))
    victim('clone', '-q', '--no-checkout', '--filter=tree:0', url, str(tmp_path / 'treeless'))
    before = {name: listing(tmp_path / name) for name in ('partial', 'shallow', 'treeless')}
    partial = report(tmp_path / 'partial', code=2)
    assert sorted(failure['path'] for failure in partial['failures']) == ['new.env', 'old.env']
    assert all('nothing is fetched' in failure['error'] for failure in partial['failures'])
    shallow = report(tmp_path / 'shallow', '--show-secrets', code=2)
    (failure,) = shallow['failures']
    assert failure['path'] == f'commit {victim("rev-parse", "HEAD~1")[:12]}'
    assert one(shallow, secret('new'))['history']['in_head']
    assert len(report(tmp_path / 'treeless', code=2)['failures']) == 2
    assert {name: listing(tmp_path / name) for name in before} == before


# Pointing elsewhere


def test_a_git_file_that_points_elsewhere_is_followed_without_harm(
    victim: Git, marker: Path, tmp_path: Path, keylint: Run
) -> None:
    victim('config', 'core.fsmonitor', program(marker))
    (tmp_path / 'tree').mkdir()
    (tmp_path / 'tree' / '.git').write_text(f'gitdir: {victim.folder}/.git\n')
    assert_found(report(tmp_path / 'tree', '--show-secrets'), 'old', 'new', 'staged')
    for text in (
        f'gitdir: {tmp_path}/missing\n',
        'gitdir: .git\n',
        'gitdir: /dev/zero\n',
        '\0' * 100,
        '',
    ):
        (tmp_path / 'tree' / '.git').write_text(text)
        done = keylint(*HISTORY, 'tree')
        assert (done.returncode, done.stdout, done.stderr.count('\n')) == (2, '', 1)
    assert not marker.exists()


def test_alternates_that_lead_nowhere_or_in_a_circle(victim: Git, tmp_path: Path) -> None:
    path = victim.folder / '.git' / 'objects' / 'info' / 'alternates'
    path.write_text(f'{tmp_path}/missing/objects\n')
    document = report(victim.folder, '--show-secrets', code=2)
    assert [failure['path'] for failure in document['failures']] == ['objects']
    assert 'alternates' in document['failures'][0]['error']
    assert_found(document, 'old', 'new', 'staged')
    path.write_text(f'{victim.folder}/.git/objects\n.\n../objects\n')
    assert_found(report(victim.folder, '--show-secrets', code=None), 'old', 'new', 'staged')


def test_submodules_cannot_lead_out_of_the_repository(victim: Git, tmp_path: Path) -> None:
    outside = Git(tmp_path / 'outside')
    outside.write('.env', leak('outside'))
    outside.commit()
    victim.write(
        '.gitmodules', '[submodule "../../outside"]\n\tpath = ../outside\n\turl = ext::sh -c x\n'
    )
    modules = victim.folder / '.git' / 'modules'
    modules.mkdir()
    (modules / 'linked').symlink_to(outside.folder / '.git')
    assert not of(report(victim.folder, '--show-secrets'), secret('outside'))
    (modules / 'linked').unlink()
    modules.rmdir()
    modules.symlink_to(tmp_path)
    assert not of(report(victim.folder, '--show-secrets'), secret('outside'))


@pytest.mark.skipif(
    not hasattr(os, 'geteuid') or os.geteuid() != 0,
    reason='only root can give a repository to somebody else',
)
def test_somebody_elses_repository_is_one_clear_line(victim: Git, keylint: Run) -> None:
    for path in (victim.folder, *victim.folder.rglob('*')):
        os.chown(path, 12345, 12345)
    done = keylint(
        *HISTORY,
        str(victim.folder),
        GIT_CONFIG_GLOBAL=os.devnull,
        HOME='/nonexistent',
        XDG_CONFIG_HOME='/nonexistent',
    )
    assert (done.returncode, done.stdout, done.stderr.count('\n')) == (2, '', 1)
    assert 'dubious ownership' in done.stderr
    assert 'safe.directory' in done.stderr


def test_replaced_and_grafted_objects_are_seen_as_they_are(victim: Git) -> None:
    clean = victim.blob('clean\n')
    victim('replace', victim('rev-parse', 'HEAD~1:old.env'), clean)
    victim('replace', victim('rev-parse', 'HEAD~1'), victim.loose_commit('README.md', 'clean\n'))
    victim.write(
        '.git/info/grafts',
        f'{victim("rev-parse", "HEAD~1")} {victim("rev-parse", "HEAD")}\n'
        f'{victim("rev-parse", "HEAD")}\n',
    )
    document = report(victim.folder, '--show-secrets')
    life = one(document, secret('old'))['history']
    assert (life['commits'], life['paths'], life['in_head']) == (1, ['old.env'], False)
    assert one(document, secret('new'))['history']['commits'] == 1


# Names


def test_names_with_control_characters_do_not_reach_the_terminal(victim: Git, keylint: Run) -> None:
    for number, name in enumerate(
        ('a\nb.env', 'c\x1b[31md.env', 'e\te.env', '\u202ef.env', '"q".env', '##vso[x].env')
    ):
        victim.write(name, leak(f'name {number}'))
    (Path(os.fsdecode(os.fsencode(victim.folder) + b'/\xff\xfe.env'))).write_text(leak('name 6'))
    victim('add', '-A')
    victim('commit', '-q', '-m', 'names \x1b[2J')
    logs = victim.folder / '.git' / 'logs' / 'refs' / 'heads'
    shutil.copy(logs / 'main', logs / 'new\nline\x1b[0m')
    victim('update-ref', 'refs/heads/\u202e\u2066x', 'HEAD')
    document = report(victim.folder, '--show-secrets')
    assert_found(document, *(f'name {number}' for number in range(7)))
    text = keylint(*HISTORY, str(victim.folder)).stdout
    assert [char for char in text if not char.isprintable() and char != '\n'] == []
    assert '##vso' not in text
    assert {'a\nb.env', 'c\x1b[31md.env'} <= {finding['path'] for finding in document['findings']}


def test_pipes_and_links_among_the_reflogs_are_passed_over(victim: Git) -> None:
    logs = victim.folder / '.git' / 'logs'
    os.mkfifo(logs / 'pipe')
    (logs / 'zero').symlink_to('/dev/zero')
    assert_found(report(victim.folder, '--show-secrets'), 'old', 'new', 'staged')


# Size


def test_a_blob_beyond_the_limit_is_named(victim: Git) -> None:
    size = 257 << 20
    packer = zlib.compressobj(1)
    parts = [packer.compress(b'blob %d\x00' % size)]
    parts += [packer.compress(bytes(1 << 20)) for _ in range(257)]
    name = '12' + '34' * 19
    victim.write(f'.git/objects/{name[:2]}/{name[2:]}', b''.join([*parts, packer.flush()]))
    document = report(victim.folder, '--show-secrets', code=2)
    (failure,) = document['failures']
    assert (failure['path'], failure['error']) == (
        f'object {name[:12]}',
        f'object {name[:12]} is larger than 256 MB',
    )
    assert_found(document, 'old', 'new', 'staged')


@pytest.mark.skipif(sys.platform != 'linux', reason='the memory of git is bounded on Linux only')
def test_a_bomb_of_trees_is_named_and_the_rest_told(
    victim: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand million paths in nine small trees.

    The bound is lowered, so that git meets it sooner.
    """
    monkeypatch.setattr(changes, '_MEMORY', 32 << 20)
    tree = victim('mktree', given=f'100644 blob {victim.blob("x")}\tx\n'.encode())
    for _ in range(9):
        tree = victim(
            'mktree',
            given=''.join(f'040000 tree {tree}\t{number}\n' for number in range(10)).encode(),
        )
    bomb = victim('commit-tree', tree, '-m', 'bomb', '-p', 'HEAD')
    victim('update-ref', 'refs/heads/bomb', bomb)
    victim('tag', 'tree-bomb', tree)
    victim('update-ref', 'refs/heads/later', victim.loose_commit('.env', leak('later'), 'HEAD'))
    found = Report('object')
    repository = open_repository(str(victim.folder / '.git'), found)
    assert [failure.path for failure in found.failures] == [f'commit {bomb[:12]}']
    paths = choose_paths(repository, load_rules(), Config(), found)
    assert paths.list_paths(victim('rev-parse', 'HEAD~1:old.env')) == ('old.env',)
    assert paths.list_paths(victim('rev-parse', 'later:.env')) == ('.env',)
