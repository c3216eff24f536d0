"""A repository with one marked secret in each place where git keeps bytes.

Built by git itself, the same objects every time.

`python benchmarks/hiding.py` shows what other scanners find in it.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from keylint.rules.recipes import expand_recipes

FIRST_DAY = 1609495200  # 2021-01-01T10:00:00Z; every commit is a day later than the one before
DAY = 86400
MAIN = ('HEAD', 'refs/heads/main', 'refs/stash')  # a stash stands on what was checked out


class Life(NamedTuple):
    """What a report must say of a hidden secret.

    Names that reach it, what else keeps it, in HEAD, on a remote, commits, paths (None: anything).
    """

    refs: tuple[str, ...] = ()
    others: tuple[str, ...] | None = ()
    in_head: bool = False
    on_remote: bool = False
    commits: int | None = 1
    paths: tuple[str, ...] | None = None


class Git:
    """A git repository of fixed dates and identities, untouched by the user's own configuration."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.day = 0
        folder.mkdir(parents=True, exist_ok=True)
        self('init', '-q', '-b', 'main', *arguments)
        for name, value in (
            ('gc.auto', '0'),
            ('maintenance.auto', 'false'),
            ('core.logAllRefUpdates', 'true'),
        ):
            self('config', name, value)

    def __call__(self, *arguments: str, given: bytes = b'', **variables: str) -> str:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith('GIT_')
        }
        time = f'{FIRST_DAY + self.day * DAY} +0200'
        for role in ('AUTHOR', 'COMMITTER'):
            environment |= {
                f'GIT_{role}_NAME': 'bot',
                f'GIT_{role}_EMAIL': 'bot@example.org',
                f'GIT_{role}_DATE': time,
            }
        environment |= {
            'GIT_CONFIG_GLOBAL': os.devnull,
            'GIT_CONFIG_NOSYSTEM': '1',
            'LC_ALL': 'C',
        } | variables
        done = subprocess.run(
            ['git', *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            check=False,
            input=given,
        )
        assert done.returncode == 0, (arguments, done.stderr.decode())
        return done.stdout.decode().strip()

    def write(self, name: str, data: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def commit(self, message: str = 'change', **variables: str) -> str:
        """Return a commit of all that lies in the work tree, a day later than the one before."""
        self.day += 1
        self('add', '-A')
        self('commit', '-q', '--allow-empty', '-m', message, given=b'', **variables)
        return self('rev-parse', 'HEAD')

    def blob(self, data: str | bytes) -> str:
        return self(
            'hash-object', '-w', '--stdin', given=data.encode() if isinstance(data, str) else data
        )

    def loose_commit(
        self, name: str, data: str | bytes, *parents: str, message: str = 'aside'
    ) -> str:
        """Return a commit of one file that no reflog knows."""
        self.day += 1
        tree = self('mktree', given=f'100644 blob {self.blob(data)}\t{name}\n'.encode())
        return self(
            'commit-tree',
            tree,
            *(part for parent in parents for part in ('-p', parent)),
            '-m',
            message,
        )


def secret(place: str) -> str:
    """Return the marked secret of a place.

    In a binary file nothing but a token's own shape tells what it is.
    """
    if place == 'binary file':
        return expand_recipes('gsk_{alnum:52}', f'hiding/{place}')
    return expand_recipes('{alnum:64}', f'hiding/{place}')


def leak(place: str) -> str:
    """Return the lines of a leak: one complete credential of a place."""
    if place == 'binary file':
        return f'{secret(place)}\n'
    return (
        expand_recipes('BINANCE_API_KEY={alnum:64}\n', f'hiding/{place}/key')
        + f'BINANCE_API_SECRET={secret(place)}\n'
    )


def line(place: str) -> str:
    """Return the same in one line, where no more fit."""
    return f'BINANCE_API_SECRET={secret(place)}'


def build(folder: Path) -> dict[str, Life]:
    """Return the repository in `folder / 'bot'`, and what a report must say of each place.

    Other repositories that it needs lie beside it.
    """
    git = Git(folder / 'bot')
    places: dict[str, Life] = {}
    for step in (*STEPS[:8], _elsewhere, *STEPS[8:]):
        places |= step(git, folder)
    return places


def build_alone(folder: Path) -> None:
    """Build the same without other repositories, whose paths stand in objects.

    The same ids wherever it lies.
    """
    git = Git(folder)
    for step in STEPS:
        step(git, folder.parent)


def _old(git: Git, folder: Path) -> dict[str, Life]:
    """In packs, removed long ago."""
    git.write('root.env', leak('root commit'))
    git.write('README.md', 'A bot.\n')
    git.commit('root')
    (git.folder / 'root.env').unlink()
    git.write('old.env', leak('packed, removed'))
    git.commit()
    git.write('README.md', 'A grid bot.\n')
    git.commit()
    (git.folder / 'old.env').unlink()
    git.commit()
    git('repack', '-q', '-a', '-d')
    return {
        'root commit': Life(MAIN, paths=('root.env',)),
        'packed, removed': Life(MAIN, commits=2, paths=('old.env',)),
    }


def _kept(git: Git, folder: Path) -> dict[str, Life]:
    git.write('loose.env', leak('loose, removed'))
    git.commit()
    (git.folder / 'loose.env').unlink()
    git.write('a.env', leak('renamed'))
    git.write('again.env', leak('deleted and added again'))
    git.commit()
    git('mv', 'a.env', 'b.env')
    (git.folder / 'again.env').unlink()
    git.commit()
    git.write('again.env', leak('deleted and added again'))
    git.commit()
    (git.folder / 'b.env').unlink()
    (git.folder / 'again.env').unlink()
    git.write('head.env', leak('in HEAD'))
    git.commit()
    return {
        'loose, removed': Life(MAIN, paths=('loose.env',)),
        'renamed': Life(MAIN, commits=3, paths=('a.env', 'b.env')),
        'deleted and added again': Life(MAIN, commits=2, paths=('again.env',)),
        'in HEAD': Life(MAIN, ('index',), in_head=True, commits=None, paths=('head.env',)),
    }


def _branches(git: Git, folder: Path) -> dict[str, Life]:
    git('update-ref', 'refs/heads/other', git.loose_commit('.env', leak('other branch')))
    git(
        'update-ref',
        'refs/remotes/origin/gone',
        git.loose_commit('.env', leak('remote branch only')),
    )
    return {
        'other branch': Life(('refs/heads/other',)),
        'remote branch only': Life(('refs/remotes/origin/gone',), on_remote=True),
    }


def _refs(git: Git, folder: Path) -> dict[str, Life]:
    git(
        'update-ref',
        'refs/original/refs/heads/main',
        git.loose_commit('.env', leak('refs/original')),
    )
    git('update-ref', 'refs/pull/7/head', git.loose_commit('.env', leak('pull request')))
    git('notes', 'add', '-m', leak('note'))
    return {
        'refs/original': Life(('refs/original/refs/heads/main',)),
        'pull request': Life(('refs/pull/7/head',)),
        'note': Life(('refs/notes/commits',)),
    }


def _forms(git: Git, folder: Path) -> dict[str, Life]:
    source = leak('notebook').splitlines(keepends=True)
    cell: dict[str, object] = {
        'cell_type': 'code',
        'source': source,
        'metadata': {},
        'outputs': [],
        'execution_count': None,
    }
    notebook = {'cells': [cell], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
    git.write('research.ipynb', json.dumps(notebook, indent=1))
    git.write('wide.ini', leak('UTF-16').encode('utf-16'))
    git.write(
        'state.bin',
        b'\x00\x01\x02\xff' * 40 + b'\x00' + leak('binary file').encode() + b'\x00\xfe' * 40,
    )
    git.commit()
    for name in ('research.ipynb', 'wide.ini', 'state.bin'):
        (git.folder / name).unlink()
    git.commit()
    return {
        'notebook': Life(MAIN, commits=2),
        'UTF-16': Life(MAIN, commits=2),
        'binary file': Life(MAIN, commits=2),
    }


def _merge(git: Git, folder: Path) -> dict[str, Life]:
    git('checkout', '-q', '-b', 'side', 'HEAD~1')
    git.write('side.txt', 'side\n')
    git.commit()
    git('checkout', '-q', 'main')
    git('merge', '-q', '--no-ff', '--no-commit', 'side')
    git.write('merged.env', leak('merge only'))
    git.commit('merge')
    (git.folder / 'merged.env').unlink()
    git.commit()
    git('branch', '-q', '-D', 'side')
    return {'merge only': Life(MAIN)}


def _texts(git: Git, folder: Path) -> dict[str, Life]:
    git.commit(f'Use the new key\n\n{leak("commit message")}')
    git.commit('by', GIT_AUTHOR_NAME=line('author field'))
    git.commit('for', GIT_COMMITTER_EMAIL=line('committer field'))
    return {
        'commit message': Life(MAIN, in_head=True),
        'author field': Life(MAIN, in_head=True),
        'committer field': Life(MAIN, in_head=True),
    }


def _tags(git: Git, folder: Path) -> dict[str, Life]:
    target = git.loose_commit('README.md', 'A released bot.\n')
    git('tag', '-a', 'v1', '-m', f'First\n\n{leak("tag message")}', target)
    git('tag', '-a', 'inner', '-m', f'Inner\n\n{leak("message of a tagged tag")}', target)
    git('tag', '-a', 'outer', '-m', 'Outer', 'inner')
    git('tag', '-d', 'inner')
    git('tag', 'light', git.loose_commit('.env', leak('lightweight tag')))
    git('tag', 'blob', git.blob(leak('tagged blob')))
    git(
        'tag',
        'tree',
        git('mktree', given=f'100644 blob {git.blob(leak("tagged tree"))}\t.env\n'.encode()),
    )
    return {
        'tag message': Life(('refs/tags/v1',), commits=0),
        'message of a tagged tag': Life(('refs/tags/outer',), commits=0),
        'lightweight tag': Life(('refs/tags/light',)),
        'tagged blob': Life(('refs/tags/blob',), commits=0),
        'tagged tree': Life(('refs/tags/tree',), commits=0, paths=('.env',)),
    }


def _elsewhere(git: Git, folder: Path) -> dict[str, Life]:
    """Objects of another repository, and a submodule's own."""
    other = Git(folder / 'alternate')
    other.blob(leak('alternate'))
    git.write('.git/objects/info/alternates', f'{other.folder}/.git/objects\n')
    library = Git(folder / 'library')
    library.write('key.env', leak('submodule'))
    library.commit()
    (library.folder / 'key.env').unlink()
    library.commit()
    git(
        '-c',
        'protocol.file.allow=always',
        'submodule',
        '--quiet',
        'add',
        str(library.folder),
        'parts/library',
    )
    git.commit('submodule')
    refs = ('HEAD', 'refs/heads/main', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    return {
        'alternate': Life(others=('unreachable',), commits=0),
        'submodule': Life(refs, on_remote=True, paths=('parts/library/key.env',)),
    }


def _stashes(git: Git, folder: Path) -> dict[str, Life]:
    git.write('README.md', leak('older stash'))
    git('stash', 'push', '-q')
    git.day += 1
    git.write('README.md', leak('stash: index'))
    git('add', 'README.md')
    git.write('README.md', leak('stash: work tree'))
    git.write('new.env', leak('stash: untracked file'))
    git('stash', 'push', '-q', '-u')
    return {
        'stash: work tree': Life(('refs/stash',)),
        'stash: index': Life(('refs/stash',)),
        'stash: untracked file': Life(('refs/stash',)),
        'older stash': Life(others=('reflog of refs/stash',)),
    }


def _lost(git: Git, folder: Path) -> dict[str, Life]:
    git.write('reset.env', leak('reset, reflog only'))
    git.commit()
    git('reset', '-q', '--hard', 'HEAD~1')
    git.write('amend.env', leak('amended away'))
    git.commit()
    git('rm', '-q', '--cached', 'amend.env')
    git('commit', '-q', '--amend', '--allow-empty', '-m', 'amended')
    (git.folder / 'amend.env').unlink()
    git.loose_commit('.env', leak('unreachable commit'))
    git.blob(leak('dangling blob'))
    reflogs = ('reflog of HEAD', 'reflog of refs/heads/main')
    return {
        'reset, reflog only': Life(others=reflogs),
        'amended away': Life(others=reflogs),
        'unreachable commit': Life(others=('unreachable',)),
        'dangling blob': Life(others=('unreachable',), commits=0),
    }


def _index(git: Git, folder: Path) -> dict[str, Life]:
    git.write('staged.env', leak('index only'))
    git('add', 'staged.env')
    return {'index only': Life(others=('index',), commits=0, paths=('staged.env',))}


def _worktree(git: Git, folder: Path) -> dict[str, Life]:
    aside = git.loose_commit('.env', leak('HEAD of a worktree'))
    git('worktree', 'add', '-q', '--detach', str(folder / 'second'), aside)
    (folder / 'second' / 'staged.env').write_text(leak('index of a worktree'))
    git('-C', str(folder / 'second'), 'add', 'staged.env')
    return {
        'HEAD of a worktree': Life(('HEAD of worktree second',), others=None),
        'index of a worktree': Life(others=('index',), commits=0, paths=('staged.env',)),
    }


STEPS = (
    _old,
    _kept,
    _branches,
    _refs,
    _forms,
    _merge,
    _texts,
    _tags,
    _stashes,
    _lost,
    _index,
    _worktree,
)
