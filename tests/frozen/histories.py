"""The repositories of the frozen corpus, built by git itself: the same objects every time."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from tests.frozen.corpus import (
    BINANCE,
    KRAKEN,
    environment_files,
    fill,
    pem_files,
    value_files,
    write,
)
from tests.hiding import Git, build_alone


def build_hiding(folder: Path) -> None:
    """Build the repository with a leak in each place where git keeps bytes."""
    build_alone(folder)


def _remove(git: Git, *names: str) -> None:
    for name in names:
        (git.folder / name).unlink()


def build_purge(folder: Path) -> None:
    """Build a history for a plan: values in values, keys of lines, weak and encoded ones."""
    git = Git(folder)
    files = {f'keys/{name}': data for name, data in pem_files().items()} | value_files()
    secret = fill('{alnum:64}', 'purge/whole')
    key = fill('{alnum:64}', 'purge/key')
    bybit = fill('{alnum:18}', 'purge/bybit')
    wrapped = base64.b64encode(fill(BINANCE, 'purge/wrapped').encode()).decode()
    files |= {
        'weak.py': fill('DB_PASSWORD = "{alnum:12}"\n', 'purge/weak').encode(),
        'short.py': b'def f():\n    return 1\n\n\nREDIS_PASSWORD = "kd93hx"\n',
        'config.json': fill(BINANCE, 'purge/config').encode(),
        'tail.env': f'BINANCE_API_KEY={key}\nBINANCE_API_SECRET={secret}\n'.encode(),
        'inner.env': f'BYBIT_API_KEY={bybit}\nBYBIT_API_SECRET={secret[:36]}\n'.encode(),
        'encoded.py': f'CONFIG = json.loads(base64.b64decode("{wrapped}"))\n'.encode(),
        'wide.env.txt': fill(KRAKEN, 'purge/wide').encode('utf-16'),
        'bot.bin': b'\x00\x01\x02' * 50
        + fill('{digits:10}:AA{urlsafe:33}', 'purge/bin').encode()
        + b'\x00',
    }
    for name, data in files.items():
        assert isinstance(data, bytes)
        git.write(name, data)
    git.commit('first')
    git.write('weak.py', fill('DB_PASSWORD = "{lower:12}"\n', 'purge/weaker'))
    git.commit(f'settings\n\n{fill(KRAKEN, "purge/message")}')
    _remove(git, *files)
    git.write('bot.py', 'print(1)\n')
    git.commit('clean')
    git.write('head.env', fill(BINANCE, 'purge/head'))
    git.commit('and one that is still there')
    git.write('work.env', fill(KRAKEN, 'purge/work'))


def build_tree_only(folder: Path) -> None:
    """Build a repository whose leak lies in the work tree alone."""
    git = Git(folder)
    git.write('bot.py', 'print(1)\n')
    git.commit()
    git.write('.env', fill(BINANCE, 'tree-only'))


def build_pushed(folder: Path) -> None:
    """Build a repository whose leak was pushed, with secrets in settings of git."""
    git = Git(folder)
    git.write('.env', fill(BINANCE, 'pushed'))
    git.write('.gitignore', 'secrets/\n')
    git.write(
        '.github/workflows/ci.yml',
        f'on: push\nenv:\n{fill("  BINANCE_API_SECRET: {alnum:64}", "pushed/ci")}\n',
    )
    first = git.commit()
    git('update-ref', 'refs/remotes/origin/main', first)
    _remove(git, '.env')
    git.commit()
    git.write('mixed.txt', 'untracked\n')
    token = fill('{alnum:40}', 'pushed/token')
    for name, text in (
        ('remote.origin.url', f'https://bot:{token}@example.org/bot.git'),
        ('remote.second.pushurl', f'https://example.org/bot.git?token={token}'),
        ('remote.clean.url', 'https://example.org/bot.git'),
        (f'url.https://bot:{token}@example.org/.insteadOf', 'work:'),
        ('http.https://example.org/.extraHeader', f'Authorization: Basic {token}'),
        ('http.https://example.com/.extraHeader', 'X-Plain: yes'),
        ('sendemail.smtpPass', 'abcdefghij'),
        ('github.token', token),
        ('bot.shortToken', 'abcdefg'),
        ('bot.tokenizer', 'abcdefghij'),
        ('bot.apiKey', 'abcdefgh'),
    ):
        git('config', '--add', name, text)
    git.write('.git/hooks/pre-push', '#!/bin/sh\nexit 0\n')


def build_ranges(folder: Path) -> None:
    """Build a range in which credentials grow, move and leave, between tags base and tip."""
    git = Git(folder)
    git.write('bot.py', 'print(1)\n')
    git.write('known.env', fill(BINANCE, 'ranges/known'))
    git.commit()
    git('tag', 'base')
    lines = fill(BINANCE, 'ranges/grows').splitlines(keepends=True)
    git.write('grows.env', lines[1])
    git.commit('secret')
    git.write('grows.env', '# with its key\n' + ''.join(lines))
    git.commit('key')
    git.write('grows.env', '# moved down\n\n\n' + ''.join(lines))
    git.commit('down')
    git.write('shrinks.env', ''.join(fill(KRAKEN, 'ranges/shrinks')))
    git.commit()
    git.write('shrinks.env', fill(KRAKEN, 'ranges/shrinks').splitlines(keepends=True)[1])
    git.commit()
    git('mv', 'known.env', 'renamed.env')
    git.commit('rename')
    _remove(git, 'shrinks.env')
    git.commit(f'gone\n\n{fill(KRAKEN, "ranges/message")}')
    git('checkout', '-q', '-b', 'side', 'base')
    git.write('side.env', fill(KRAKEN, 'ranges/side'))
    git.commit('side')
    git('checkout', '-q', 'main')
    git('merge', '-q', '--no-ff', '-m', 'merge', 'side')
    git('tag', '-a', 'tip', '-m', f'Tip\n\n{fill(BINANCE, "ranges/tag")}')


def build_pieces(folder: Path) -> None:
    """Build a history with secrets that only the program joins, and with many versions."""
    git = Git(folder)
    secret = fill('{alnum:64}', 'pieces')
    other = fill('{base64:64}', 'pieces/other')
    folded = {
        'bot.py': f"binance_secret = '{secret[:20]}' + '{secret[20:41]}' + '{secret[41:]}'\n",
        'names.py': f"head = '{other[:40]}'\ntail = '{other[40:]}'\nkraken_secret = head + tail\n",
        'bot.js': f"const s = ['{secret[:11]}', '{secret[11:30]}', '{secret[30:]}'].join('')\n"
        'const binanceSecret = s\n',
        'adjacent.py': f"kraken_api_secret = ('{other[:31]}'\n    '{other[31:]}')\n",
    }
    git.write('README.md', 'A bot.\n')
    git.commit()
    for name, text in folded.items():
        git.write(name, text)
        git.commit(name)
        _remove(git, name)
    git.commit('clean')
    program = [f'line_{number} = {number}' for number in range(400)]
    for version in range(8):
        program[version * 40] = (
            f"binance_key_{version} = '{fill('{alnum:64}', f'pieces/{version}')}'"
        )
        program[version * 40 + 7] = f'# kraken {version}' if version % 2 else 'x = 1'
        git.write('long.py', '\n'.join(program) + '\n')
        git.commit(f'version {version}')
    program[7] = '# nothing'
    git.write('long.py', '\n'.join(line for line in program if 'binance_key' not in line) + '\n')
    git.commit('clean')


def build_worded(folder: Path) -> None:
    """Build a repository with keys of all environments: paper is harmless, live is not."""
    git = Git(folder)
    write(
        folder,
        {
            name: text
            for name, text in environment_files().items()
            if name.startswith(('env/', 'mode/'))
        },
    )
    git.commit()


REPOSITORIES: dict[str, Callable[[Path], None]] = {
    'hiding': build_hiding,
    'purge': build_purge,
    'tree-only': build_tree_only,
    'pushed': build_pushed,
    'ranges': build_ranges,
    'pieces': build_pieces,
    'worded': build_worded,
}
