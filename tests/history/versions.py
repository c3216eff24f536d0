"""Generate histories of many versions: credentials that come, go, move and stand twice. Seeded."""

from __future__ import annotations

import base64
import random
import subprocess
from pathlib import Path

from keylint.rules.recipes import expand_recipes
from tests.hiding import FIRST_DAY, Git

_RECIPES = (
    'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}',
    'KRAKEN_API_KEY={base64:56}\nKRAKEN_API_SECRET={base64:86}==',
    'binance_secret = "{alnum:64}"',
    'okx_secret = "{HEX:32}"\nokx_passphrase = "{alnum:12}"',
    'DB_PASSWORD = "{alnum:12}"',
    'REDIS_PASSWORD = "{lower:4}{digits:4}"',
    'token = "gsk_{alnum:52}"',
    'private_key = "0x{hex:64}"',
    'bybit = {"api_key": "{alnum:18}", "api_secret": "{alnum:36}"}',
)
_SIZES = {
    'bot.py': 60,
    '.env': 20,
    'conf/settings.json': 40,
    'conf/deploy.yaml': 90,
    'src/strategy.py': 500,
    'src/api/client.js': 900,
    'notes/trades.log': 5000,
    'data/orders.txt': 9000,
}
_WORDS = 'order price fill book tick spread margin ledger market quote retry window limit'.split()
_MENTIONS = ('# kraken', '# the account at binance', '# bybit and okx', '# testnet', '# nothing')


class Versions:
    """Files that change from commit to commit, written as a stream for `git fast-import`."""

    def __init__(self, seed: int, name: str) -> None:
        self._random = random.Random(f'{seed}/{name}')  # noqa: S311 - no secret is made of it
        self._name = name
        self._count = 0
        self._files = {path: self._lines(size) for path, size in _SIZES.items()}
        self._gone: list[list[str]] = []
        self._held: list[str] = []

    def _line(self) -> str:
        words = self._random.sample(_WORDS, 4)
        return f'{words[0]}_{words[1]} = {words[2]}({self._random.randrange(999)})  # {words[3]}'

    def _lines(self, count: int) -> list[str]:
        return [self._line() for _ in range(count)]

    def _place(self, lines: list[str]) -> int:
        return self._random.randrange(len(lines) + 1)

    def change(self) -> None:
        """Change one or two files."""
        for path in self._random.sample(sorted(self._files), self._random.choice((1, 1, 2))):
            steps = (self._edit, self._leak, self._repeat, self._remove, self._restore)
            more = (self._split, self._encode, self._mention, self._edit, self._remove)
            self._random.choice((*steps, *more))(self._files[path])
        if self._random.random() < 0.06:
            self._move()

    def _edit(self, lines: list[str]) -> None:
        for _ in range(self._random.choice((1, 1, 3, 40))):
            place = self._place(lines)
            lines[place : place + self._random.choice((0, 1))] = [self._line()]

    def _leak(self, lines: list[str]) -> None:
        self._count += 1
        recipe = self._random.choice(_RECIPES)
        text = expand_recipes(recipe, f'versions/{self._name}/{self._count}')
        self._held.append(text)
        self._insert(lines, text.split('\n'))

    def _insert(self, lines: list[str], new: list[str]) -> None:
        place = self._place(lines)
        lines[place:place] = new

    def _repeat(self, lines: list[str]) -> None:
        """Write again what this file or another one held before."""
        if self._held:
            self._insert(lines, self._random.choice(self._held).split('\n'))

    def _remove(self, lines: list[str]) -> None:
        """Take out some of the lines that are no code."""
        places = [place for place, line in enumerate(lines) if '  # ' not in line]
        if places:
            first = self._random.choice(places)
            self._gone.append(lines[first : first + 2])
            del lines[first : first + self._random.choice((1, 2))]

    def _restore(self, lines: list[str]) -> None:
        if self._gone:
            self._insert(lines, self._random.choice(self._gone))

    def _split(self, lines: list[str]) -> None:
        """Put lines between what stood side by side."""
        places = [place for place, line in enumerate(lines) if '  # ' not in line]
        if places:
            place = self._random.choice(places) + 1
            lines[place:place] = self._lines(self._random.choice((1, 4, 9)))

    def _encode(self, lines: list[str]) -> None:
        if self._held:
            text = self._random.choice(self._held)
            self._insert(lines, [f'blob = "{base64.b64encode(text.encode()).decode()}"'])

    def _mention(self, lines: list[str]) -> None:
        self._insert(lines, [self._random.choice(_MENTIONS)])

    def _move(self) -> None:
        old = self._random.choice(sorted(self._files))
        folder = self._random.choice(('', 'old/', 'kraken/', 'deep/er/'))
        new = f'{folder}{old.rpartition("/")[2]}'
        if new not in self._files:
            self._files[new] = self._files.pop(old)

    def write(self, commits: int) -> bytes:
        """Write the stream."""
        stream: list[bytes] = []
        for number in range(commits):
            self.change()
            time = f'{FIRST_DAY + number * 3600} +0000'
            stream.append(
                f'commit refs/heads/main\ncommitter bot <bot@example.org> {time}\n'
                f'data 6\nchange\ndeleteall\n'.encode()
            )
            for path, lines in sorted(self._files.items()):
                data = ('\n'.join(lines) + '\n').encode()
                stream.append(f'M 100644 inline {path}\ndata {len(data)}\n'.encode() + data + b'\n')
        return b''.join(stream)


def build_versions(folder: Path, seed: int, commits: int) -> None:
    """Build a repository with a generated history."""
    git = Git(folder)
    stream = Versions(seed, folder.name).write(commits)
    subprocess.run(['git', 'fast-import', '--quiet'], cwd=folder, input=stream, check=True)
    git('reset', '-q', '--hard')
