"""Writes session.md.

Keylint taken into real projects, from a fresh clone to a green commit, every command really run.

`python docs/session.py` clones from the network. `--clone NAME=PATH` has a clone at hand answer for
an address instead.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from keylint import __version__
from keylint.commands.setup.pre_commit import HOOKS_REPOSITORY
from keylint.rules.recipes import expand_recipes

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = (
    'https://github.com/freqtrade/freqtrade',
    'https://github.com/iilunin/crypto-bot',
    'https://github.com/edeng23/binance-trade-bot',
)
PROGRAMS = {
    'keylint': (sys.executable, '-P', '-m', 'keylint'),
    'pre-commit': (sys.executable, '-P', '-m', 'pre_commit'),
}
MOST_LINES = 40
OFFLINE = """ This run had no network: clones at hand answered for the addresses,
  less a few large files that such a clone may lack, and repositories of hooks that are skipped \
anyway were stood in for by names."""
OF_OTHERS = re.compile(
    rf'\.\.\.Skipped$|^\[INFO\] Initializing environment for (?!{re.escape(HOOKS_REPOSITORY)})'
)


class Plant(NamedTuple):
    """A leak as somebody writes it: a path, and a text with recipes for the values.

    In a file that is there already each line takes the place of the first one with the same
    beginning, up to the colon.
    """

    path: str
    text: str
    is_edit: bool = False


PYTHON = Plant(
    'live.py',
    """\
import ccxt

exchange = ccxt.binance({{
    'apiKey': '{alnum:64}',
    'secret': '{alnum:64}',
}})
print(exchange.fetch_balance())
""",
)
PLANTS = {
    'freqtrade': Plant(
        'config_examples/config_binance.example.json',
        """\
    "dry_run": false,
        "key": "{alnum:64}",
        "secret": "{alnum:64}",
""",
        True,
    ),
    'binance-trade-bot': Plant(
        'docker-compose.live.yml',
        """\
services:
  crypto-trading:
    image: edeng23/binance-trade-bot
    environment:
      - API_KEY={alnum:64}
      - API_SECRET_KEY={alnum:64}
""",
    ),
}


# Folders of market data in formats that are not opened, which a scan names until they are excluded.
MARKET_DATA = {'freqtrade': 'tests/testdata'}


class Step(NamedTuple):
    """A command and the exit codes that are right.

    `is_summary`: only the last line of its output is shown.
    """

    command: str
    codes: tuple[int, ...] = (0,)
    is_summary: bool = False


class BrokenSessionError(Exception):
    """A command did not do what the document says."""


class Session:
    """Runs commands in one folder and keeps what they print, without this machine's paths."""

    def __init__(self, scratch: Path, settings: dict[str, str], planted: str) -> None:
        self.scratch, self.folder, self.planted = scratch, scratch / 'work', planted
        self.written: list[str] = []
        self.environment = _environment(scratch, settings)

    def tell(self, text: str) -> None:
        """Add a paragraph."""
        self.written.append(f'{text}\n')

    def run(self, *steps: Step, first: str = '') -> None:
        """One block of the document, `first` its first line.

        Raises BrokenSessionError where an exit code is not the right one.
        """
        lines = [first] if first else []
        for step in steps:
            words = shlex.split(step.command)
            done = subprocess.run(
                [*PROGRAMS.get(words[0], words[:1]), *words[1:]],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            shown = self._scrubbed(done.stdout.decode('utf-8', 'replace')).splitlines()
            if done.returncode not in step.codes:
                raise BrokenSessionError(
                    '\n'.join(
                        [
                            f'{self.folder.name}: {step.command}: '
                            f'exit code {done.returncode}, not {step.codes}',
                            *shown,
                        ]
                    )
                )
            lines += [f'$ {step.command}', *(shown[-1:] if step.is_summary else trimmed(shown))]
            if done.returncode:
                lines.append(f'(exit code {done.returncode})')
        self.written.append('\n'.join(['```console', *lines, '```', '']))

    def _scrubbed(self, text: str) -> str:
        """Replace what differs from run to run in a text: places, hashes, times.

        Places of this machine are left out; `…` stands for hashes of commits and for times.
        """
        text = (
            text.replace(str(self.folder), '.')
            .replace(str(self.scratch / 'home'), '~')
            .replace(str(self.scratch), '…')
        )
        text = re.sub(r'(?m)^(\[[^\]\n]* )[0-9a-f]{7,40}\]', r'\1…]', text)
        text = re.sub(r'( (?:bytes|kB|MB|GB), )[0-9.]+( s\))', r'\1…\2', text)
        return re.sub(r'(?m)[ \t]+$', '', text)


def trimmed(lines: list[str]) -> list[str]:
    """Leave out what pre-commit says of skipped hooks, and the middle of a long output.

    The number of lines that are left out is shown.
    """
    others = sum(OF_OTHERS.search(line) is not None for line in lines)
    lines = [line for line in lines if not OF_OTHERS.search(line)]
    if others:
        lines.insert(0, f'… {others} lines on skipped hooks left out')
    if len(lines) <= MOST_LINES:
        return lines
    half = MOST_LINES // 2
    return [*lines[:half], f'… {len(lines) - 2 * half} lines left out', *lines[-half:]]


def _environment(scratch: Path, settings: dict[str, str]) -> dict[str, str]:
    """Return the variables of this process with caches of the session's own and git's settings.

    pre-commit lets these and no others through to git.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(('GIT_', 'KEYLINT_', 'PRE_COMMIT', 'CI', 'SKIP'))
    }
    git = {f'GIT_CONFIG_KEY_{number}': name for number, name in enumerate(settings)}
    git |= {f'GIT_CONFIG_VALUE_{number}': value for number, value in enumerate(settings.values())}
    people = {
        f'GIT_{role}_{field}': text
        for role in ('AUTHOR', 'COMMITTER')
        for field, text in (('NAME', 'Ada'), ('EMAIL', 'ada@example.org'))
    }
    caches = {
        'KEYLINT_CACHE_DIR': str(scratch / 'home/.cache/keylint'),
        'PRE_COMMIT_HOME': str(scratch / 'home/.cache/pre-commit'),
    }
    return {
        **kept,
        **git,
        **people,
        **caches,
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
        'GIT_CONFIG_COUNT': str(len(settings)),
        'LC_ALL': 'C.UTF-8',
        'PRE_COMMIT_COLOR': 'never',
        'GIT_PROGRESS_DELAY': '86400',
    }


# What stands in for the network


def whole(copy: Path, folder: Path) -> Path:
    """Return the copy itself.

    Where files of its newest commit are absent, as large ones may be, one that has a commit without
    them.
    """
    listed = _git(
        copy, 'rev-list', '--objects', '--missing=print', '--no-object-names', 'HEAD^{tree}'
    )
    missing = {line[1:] for line in listed.split() if line.startswith('?')}
    if not missing:
        return copy
    _git(copy, 'clone', '-q', '--shared', '--no-checkout', str(copy), str(folder))
    _git(folder, 'read-tree', 'HEAD')
    rows = [row for row in _git(folder, 'ls-files', '-s', '-z').split('\0') if row]
    _git(
        folder,
        'update-index',
        '--force-remove',
        *(row.partition('\t')[2] for row in rows if row.split()[1] in missing),
    )
    made = _git(
        folder,
        'commit-tree',
        '-p',
        'HEAD',
        '-m',
        'Without what the copy lacks',
        _git(folder, 'write-tree').strip(),
    ).strip()
    _git(folder, 'update-ref', 'HEAD', made)
    return folder


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ['git', *arguments],
        cwd=folder,
        env=_environment(folder, {}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def hooks(folder: Path) -> dict[str, dict[str, set[str]]]:
    """Address, revision and ids of the hooks that a project has.

    Those of keylint itself left out.
    """
    path = folder / '.pre-commit-config.yaml'
    listed = yaml.safe_load(path.read_text())['repos'] if path.exists() else []
    found: dict[str, dict[str, set[str]]] = {}
    for entry in listed:
        if entry['repo'] != HOOKS_REPOSITORY:
            found.setdefault(entry['repo'], {}).setdefault(str(entry.get('rev', '')), set()).update(
                hook['id'] for hook in entry['hooks']
            )
    return found


def stand_in(folder: Path, revisions: dict[str, set[str]]) -> Path:
    """Return a repository of hooks that exist by name only.

    Pre-commit reads their names before it skips them.
    """
    rows = [
        {'id': name, 'name': name, 'entry': 'false', 'language': 'python'}
        for name in sorted(set().union(*revisions.values()))
    ]
    made_of(folder, {'.pre-commit-hooks.yaml': yaml.safe_dump(rows)}, tuple(revisions))
    return folder


def made_of(folder: Path, files: dict[str, str], tags: tuple[str, ...] = ()) -> None:
    """Return a repository with one commit."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding='utf-8')
    for command in (
        ['init', '-q', '-b', 'main'],
        ['add', '-A'],
        ['commit', '-q', '-m', 'made'],
        *(['tag', tag] for tag in tags),
    ):
        _git(folder, *command)


def hook_repository(given: Path, folder: Path) -> Path:
    """Return a clone of keylint's repository with what `keylint init` writes at HEAD.

    That is the tag of the version, and before the first release the branch.
    """
    _git(given, 'clone', '-q', str(given), str(folder))
    _git(folder, 'tag', '-f', f'v{__version__}')
    _git(folder, 'checkout', '-q', '-B', 'main')
    return folder


# The document


def play(url: str, copy: Path | None, hook: Path, scratch: Path, seed: str) -> str:
    """One project: its chapter.

    Raises BrokenSessionError where something is not as the chapter says, or would show a planted
    value.
    """
    name = url.rstrip('/').rpartition('/')[2].removesuffix('.git')
    plant = PLANTS.get(name, PYTHON)
    planted = expand_recipes(plant.text, f'{seed}/{name}')
    settings = {
        f'url.{hook}.insteadOf': HOOKS_REPOSITORY,
        'advice.detachedHead': 'false',
        'init.defaultBranch': 'main',
    }
    if copy is not None:
        settings[f'url.{whole(copy, scratch / "copies" / name)}.insteadOf'] = url
    session = Session(scratch, settings, planted)
    session.tell(f'## {name}')
    session.folder.mkdir(exist_ok=True)
    session.run(Step(f'git clone {url}'))
    session.folder /= name
    others = hooks(session.folder)
    if copy is not None:
        folder = scratch / 'stand-ins' / name
        for number, (address, revisions) in enumerate(others.items()):
            if address not in ('local', 'meta'):
                settings[f'url.{stand_in(folder / str(number), revisions)}.insteadOf'] = address
    skipped = ','.join(
        sorted(set().union(*(ids for revisions in others.values() for ids in revisions.values())))
    )
    session.environment = _environment(scratch, settings) | ({'SKIP': skipped} if skipped else {})
    _set_up(session, skipped, MARKET_DATA.get(name, ''))
    _refused(session, plant)
    _mended(session, plant)
    text = '\n'.join(session.written)
    values = {
        value for value in re.findall(r'[A-Za-z0-9+/=]{12,}', planted) if value not in plant.text
    }
    if any(value[place : place + 9] in text for value in values for place in range(len(value) - 8)):
        raise BrokenSessionError(f'{name}: the document would show a part of a planted value')
    return text


def _set_up(session: Session, skipped: str, market_data: str) -> None:
    session.tell('Set up, look, write down what is there already:')
    session.run(Step('keylint init'), Step('git status --short'))
    if market_data:
        session.run(Step('keylint scan', (2,), True))
        session.tell(
            'Exit code 2: Arrow, HDF5 and Parquet tables are not opened, and each is named. '
            'They hold prices, so their folder is excluded:'
        )
        line = f'exclude = ["{market_data}"]'
        session.run(Step(f"sed -i 's#^exclude = \\[\\]#{line}#' pyproject.toml"))
    session.run(
        Step('keylint scan', (0, 1), True),
        Step('keylint baseline create'),
        Step('keylint scan', (0,), True),
    )
    own_hooks = '; the hooks that the project has of its own are skipped here' if skipped else ''
    session.tell(f'Commit that, through the hook{own_hooks}:')
    steps = (
        Step('pre-commit install'),
        Step('keylint doctor'),
        Step('git add -A'),
        Step("git commit -m 'Stop keys at the commit'"),
    )
    session.run(*steps, first=f'$ export SKIP={skipped}' if skipped else '')


def _refused(session: Session, plant: Plant) -> None:
    session.tell(
        f'Now a mistake. Somebody {"changes lines of" if plant.is_edit else "writes"} '
        f'`{plant.path}`, with values in place of the braces:'
    )
    fence = {'.py': 'python', '.json': 'json', '.yml': 'yaml'}.get(
        os.path.splitext(plant.path)[1], 'text'
    )
    session.tell(f'```{fence}\n{plant.text.replace("{{", "{").replace("}}", "}")}```')
    path = session.folder / plant.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        _edited(path.read_text(encoding='utf-8'), session.planted)
        if plant.is_edit
        else session.planted,
        encoding='utf-8',
    )
    session.run(Step(f'git add {plant.path}'), Step("git commit -m 'Go live'", (1,)))


def _edited(before: str, lines: str) -> str:
    """Return the text with the lines in the places of those that begin as they do.

    Raises BrokenSessionError where there is none.
    """
    for line in lines.splitlines():
        beginning = line[: line.index(':') + 1]
        found = re.search(rf'(?m)^{re.escape(beginning)}.*$', before)
        if found is None:
            raise BrokenSessionError(f'no line begins with {beginning.strip()}')
        before = before[: found.start()] + line + before[found.end() :]
    return before


def _mended(session: Session, plant: Plant) -> None:
    session.tell('The commit was refused. The values leave the file:')
    shown = Step(f'git diff HEAD -- {plant.path}' if plant.is_edit else f'cat {plant.path}')
    session.run(Step('keylint fix'), shown, Step('cat .env.example'), Step('git status --short'))
    session.tell('And the commit is accepted:')
    session.run(
        Step('git add -A'),
        Step("git commit -m 'Go live'"),
        Step('git check-ignore .env'),
        Step('keylint scan', (0,), True),
    )


def head(is_offline: bool) -> str:
    """Return what the document is, and the rules by which it was trimmed."""
    return f"""\
# From nothing to green

A terminal session, written by `python docs/session.py`, which really runs every command and \
stops where one does not end as it should. It can be
run again, also on other repositories: `python docs/session.py https://github.com/you/bot`.

- Outputs of more than {MOST_LINES} lines are cut in the middle, and what pre-commit says of \
hooks that it skips is left out; the number of lines
  left out is given.
- Of `keylint scan` on a whole project only the last line is shown: its findings are not this \
page's to show.
- Hashes of commits and times are shown as `…`, caches below `~`; for times see \
[Performance](performance.md).
- The planted values are drawn from a seed and never stood on this page; where keylint prints \
them it masks them.
- `keylint` is the one of this checkout, and so is the hook: its repository, cloned and tagged, \
answers for
  {HOOKS_REPOSITORY}.{OFFLINE if is_offline else ''}
"""


def main() -> int:
    """0 when the document was written.

    1 when a command did not do what it should, which is named.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        'projects',
        nargs='*',
        default=PROJECTS,
        metavar='URL',
        help='repositories to play with (default: three public ones)',
    )
    parser.add_argument(
        '--clone',
        action='append',
        default=[],
        metavar='NAME=PATH',
        help='a clone that answers for the project of that name',
    )
    parser.add_argument(
        '--keylint',
        type=Path,
        default=ROOT,
        metavar='PATH',
        help='the repository that the hook is taken from (default: this one)',
    )
    parser.add_argument('--seed', default='session', help='what the planted values are drawn from')
    parser.add_argument('--output', type=Path, default=ROOT / 'docs/session.md', metavar='FILE')
    arguments = parser.parse_args()
    copies = {
        name: Path(path).resolve()
        for name, _, path in (pair.partition('=') for pair in arguments.clone)
    }
    try:
        with tempfile.TemporaryDirectory() as folder:
            chapters = list(_chapters(arguments, copies, Path(folder).resolve()))
    except BrokenSessionError as broken:
        print(broken, file=sys.stderr)
        return 1
    arguments.output.write_text('\n'.join([head(bool(copies)), *chapters]), encoding='utf-8')
    return 0


def _chapters(
    arguments: argparse.Namespace, copies: dict[str, Path], scratch: Path
) -> Iterator[str]:
    hook = hook_repository(arguments.keylint, scratch / 'keylint')
    for url in arguments.projects:
        name = url.rstrip('/').rpartition('/')[2].removesuffix('.git')
        yield play(url, copies.get(name), hook, scratch, arguments.seed)


if __name__ == '__main__':
    raise SystemExit(main())
