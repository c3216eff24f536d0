"""Generate repositories with copies, renames, moves, deletions and marks of leaks. Seeded."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from keylint.rules.recipes import expand_recipes
from tests.hiding import FIRST_DAY, Git

# No folder of packages: what is in one is a single finding, in each way of asking another.
FOLDERS = ('', 'src/', 'tests/', 'fixtures/', 'kraken/', 'build/out/', 'vendored/ip/')
NAMES = (
    'conf.py',
    'keys.csv',
    'keys.csv.bak',
    'a.bak',
    '.env',
    'settings.json',
    'testnet.yaml',
    'notes.txt',
)
CONTENTS = (
    'name,api_key,secret\nbinance,{alnum:64},{alnum:64}\n',
    'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n',
    'api_key = "{alnum:64}"\napi_secret = "{alnum:64}"\n',
    '{"binance": {"apiKey": "{alnum:64}", "secret": "{alnum:64}"}}\n',
    'token = "gsk_{alnum:52}"\n',
    'secret_token = "{alnum:40}"  # keylint: ignore a sample\n',
    'password: {alnum:14}\n',
)
CONFIGURATIONS = (
    '',
    'exclude = ["tests/", "*.bak"]\n',
    'exclude = ["/src/", "vendored/"]\n',
    '[per-path-ignores]\n"tests/" = ["binance-", "generic-"]\n"fixtures/" = ["generic-"]\n',
    'exclude = ["keys.csv"]\n[per-path-ignores]\n"!src/" = ["binance-"]\n',
)
_MARK = '  # keylint: ignore a sample'


class Copies:
    """The files of a repository as they change from commit to commit, on two branches."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f'copies/{seed}')  # noqa: S311 - no secret is made of it
        self._seed = seed
        self._count = 0
        self._branches: list[dict[str, str]] = [{'README.md': 'A bot.\n'}, {}]
        self._held: list[str] = []

    def _path(self) -> str:
        return self._random.choice(FOLDERS) + self._random.choice(NAMES)

    def change(self, files: dict[str, str]) -> None:
        """Make one step: add, copy, move, delete, edit, restore, or take a mark away."""
        old = self._random.choice(sorted(files))
        step = self._random.choice(
            ('add', 'copy', 'move', 'move', 'delete', 'edit', 'restore', 'mark')
        )
        if step == 'add' or old == 'README.md':
            self._count += 1
            recipe = self._random.choice(CONTENTS)
            files[self._path()] = text = expand_recipes(recipe, f'{self._seed}/{self._count}')
            self._held.append(text)
        elif step == 'copy':
            files[self._path()] = files[old]
        elif step == 'move':
            files[self._path()] = files.pop(old)
        elif step == 'delete':
            del files[old]
        elif step == 'edit':
            files[old] += 'x\n'
        elif step == 'restore':
            files[self._path()] = self._random.choice(self._held)
        elif _MARK in files[old]:
            files[old] = files[old].replace(_MARK, '')
        else:
            files[old] = files[old].replace('\n', f'{_MARK}\n', 1)

    def write(self, commits: int) -> bytes:
        """Write the stream for `git fast-import`: two branches, merged now and then."""
        stream: list[str] = []
        marks = [0, 0]
        for number in range(1, commits + 1):
            side = self._random.choice((0, 0, 1)) if 2 < number < commits else 0
            parents = [mark for mark in (marks[side],) if mark] or ([1] if number > 1 else [])
            if side == 1 and not marks[1]:
                self._branches[1] = dict(self._branches[0])
                parents = [marks[0]]
            is_merge = number == commits or self._random.random() < 0.2
            if is_merge and marks[0] and marks[1] and marks[side] != marks[1 - side]:
                parents.append(marks[1 - side])
                self._branches[side] |= self._branches[1 - side]
            if number > 1:
                self.change(self._branches[side])
            name = 'main' if side == 0 else 'other'
            lines = [
                f'commit refs/heads/{name}',
                f'mark :{number}',
                f'committer bot <bot@example.org> {FIRST_DAY + number * 3600} +0000',
                'data 6\nchange',
                *(f'{"merge" if place else "from"} :{mark}' for place, mark in enumerate(parents)),
                'deleteall',
            ]
            for path, text in sorted(self._branches[side].items()):
                lines.append(f'M 100644 inline {path}\ndata {len(text)}\n{text}')
            stream.append('\n'.join(lines) + '\n')
            marks[side] = number
        return ''.join(stream).encode()


def build_copies(folder: Path, seed: int, commits: int) -> Git:
    """Build a repository; its first commit holds a README alone."""
    git = Git(folder)
    stream = Copies(seed).write(commits)
    subprocess.run(['git', 'fast-import', '--quiet'], cwd=folder, input=stream, check=True)
    git('reset', '-q', '--hard')
    return git
