"""The figures of docs/comparison.md, run with those scanners that are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.docs.pages import read_names, read_page

BOT = Path(__file__).parents[2] / 'examples' / 'leaky-bot' / 'bot'
PAGE = read_page('comparison.md')
PATHS = os.pathsep.join((str(Path(sys.executable).parent), os.environ['PATH']))
PEERS = {
    'kingfisher': ('scan bot -n', r'Findings\.+: (\d+)'),
    'credsweeper': ('--path bot', r'Detected Credentials: (\d+)'),
    'betterleaks': ('bot', r'leaks found: \D*(\d+)'),
    'detect-secrets': ('scan --all-files -n bot', ''),
}


def read_figure(name: str) -> str:
    """Return the cell of the leaky example for a scanner: that which has its command."""
    (line,) = re.findall(r'(?m)^\| findings on the leaky example \|.*', PAGE)
    row = re.split(r'(?<!\\)\|', line)
    return next(cell.strip() for cell in row if f'`{name} ' in cell)


@pytest.mark.slow
@pytest.mark.parametrize('name', PEERS)
def test_a_peer_finds_as_many_as_the_page_says(name: str) -> None:
    program = shutil.which(name, path=PATHS)
    if program is None:
        pytest.skip(f'{name} is not installed')
    arguments, pattern = PEERS[name]
    assert f'`{name} {arguments}`' in read_figure(name)
    done = subprocess.run(
        [program, *arguments.split()], cwd=BOT.parent, capture_output=True, text=True, check=False
    )
    text = done.stdout + done.stderr
    if pattern:
        found = re.search(pattern, re.sub(r'\x1b\[[\d;]*m', '', text))
        assert found is not None
        count = found[1]
    else:
        count = str(sum(map(len, json.loads(done.stdout)['results'].values())))
    assert re.match(rf'{count}\b', read_figure(name))


def list_options() -> dict[str, set[str]]:
    """Return, for each command that prints help in a cell, the options that the cell names."""
    asked: dict[str, set[str]] = {}
    for line in PAGE.splitlines():
        for cell in re.split(r'(?<!\\)\|', line):
            for piece in cell.split(';'):
                named = read_names(piece)
                helps = [name for name in named if name.endswith(' --help')]
                if helps and helps[0].split()[0] in PEERS:
                    asked.setdefault(helps[0], set()).update(n for n in named if n[:2] == '--')
    return asked


OPTIONS = list_options()


@pytest.mark.slow
@pytest.mark.parametrize('command', OPTIONS)
def test_commands_of_peers_have_the_options_of_the_page(command: str) -> None:
    name, *arguments = command.split()
    program = shutil.which(name, path=PATHS)
    if program is None:
        pytest.skip(f'{name} is not installed')
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert sorted(option for option in OPTIONS[command] if option not in said) == []


def test_the_page_names_many_options_of_peers() -> None:
    assert len(OPTIONS) > 8
    assert sum(map(len, OPTIONS.values())) > 15


@pytest.mark.slow
def test_keylint_finds_what_the_page_says(keylint: Run) -> None:
    done = keylint('scan', 'bot', '--isolated', '--format', 'json', cwd=BOT.parent)
    leaks = [one for one in json.loads(done.stdout)['findings'] if one['parts']]
    assert read_figure('keylint').startswith(f'{len(leaks)} leaks in 8 of 8 files')
    assert len({one['path'] for one in leaks}) == 8


def test_the_numbers_of_rules_are_not_above_the_truth(keylint: Run) -> None:
    kinds = [line.split()[1] for line in keylint('rules').stdout.splitlines() if line.strip()]
    issuers = sum(kind not in ('policy', 'generic', 'kind') for kind in kinds)
    traded = sum(kind in ('exchange', 'broker', 'bot-platform') for kind in kinds)
    changelog = (BOT.parents[2] / 'CHANGELOG.md').read_text(encoding='utf-8')
    said = [
        (int(number), issuers)
        for number in re.findall(r'over (\d+) issuers|more than (\d+) exchanges', PAGE + changelog)
        for number in [''.join(number)]
    ]
    said += [(int(number), traded) for number in re.findall(r'over (\d+): `keylint rules`', PAGE)]
    assert len(said) == 3
    assert all(true - 20 < number <= true for number, true in said), said


def test_the_table_of_the_home_page_says_what_the_comparison_says() -> None:
    home = read_page('index.md')
    assert '| key, secret and passphrase are one finding | yes | no | Polymarket |' in home
    assert 'Polymarket: `kingfisher rules list`' in PAGE
