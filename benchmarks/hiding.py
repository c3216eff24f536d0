"""Which scanner finds a secret in which place where git keeps bytes: the table of docs/accuracy.md.

    python benchmarks/hiding.py

Peers are the packages of `pip install kingfisher-bin detect-secrets credsweeper`, beside this
Python; those that are missing are left out. Kingfisher runs with validation and the update check
off. detect-secrets has no history mode: it sees the files of the work tree. The repository is the
one of tests/hiding.py. Beside each exchange secret stands a Groq token, whose shape all that know
it find anywhere: the table is about places, not about shapes. A place counts as found when the
report holds one of the two (detect-secrets: its digest).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from keylint.rules.recipes import expand_recipes
from tests import hiding

Found = Callable[[str], bool]


def output(command: list[str], folder: Path) -> str:
    """Return what a tool prints; findings are no failure."""
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, 'GIT_CONFIG_GLOBAL': os.devnull},
    )
    if done.returncode not in (0, 1, 200, 205):
        raise SystemExit(
            f'{command[0]} ended with {done.returncode}: {done.stderr.decode()[-500:]}'
        )
    return done.stdout.decode('utf-8', 'replace')


def keylint(tools: Path, folder: Path) -> Found:
    text = output(
        [
            str(tools / 'keylint'),
            'scan',
            '--history',
            '.',
            '--isolated',
            '--show-secrets',
            '--format',
            'json',
        ],
        folder,
    )
    return lambda value: value in text


def kingfisher(tools: Path, folder: Path) -> Found:
    options = [
        '--no-validate',
        '--no-update-check',
        '--format',
        'json',
        '--confidence',
        'low',
        '--no-dedup',
    ]
    text = output(
        [str(tools / 'kingfisher'), 'scan', '.', '--git-history', 'full', *options], folder
    )
    return lambda value: value in text


def detect_secrets(tools: Path, folder: Path) -> Found:
    text = output([str(tools / 'detect-secrets'), 'scan', '--all-files', '.'], folder)
    # Its report holds SHA-1 digests.
    return lambda value: hashlib.sha1(value.encode()).hexdigest() in text  # noqa: S324


def credsweeper(tools: Path, folder: Path) -> Found:
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / 'report.json'
        output(
            [str(tools / 'credsweeper'), '--git', '.', '--ref', 'HEAD', '--save-json', str(report)],
            folder,
        )
        text = ''.join(path.read_text() for path in Path(place).glob('*.json'))
    return lambda value: value in text


TOOLS: dict[str, tuple[str, Callable[[Path, Path], Found]]] = {
    'keylint': ('keylint', keylint),
    'kingfisher': ('kingfisher', kingfisher),
    'CredSweeper `--git`': ('credsweeper', credsweeper),
    'detect-secrets': ('detect-secrets', detect_secrets),
}


def token(place: str) -> str:
    """Return the second mark of a place."""
    return expand_recipes('gsk_{alnum:52}', f'hiding/{place}')


def build(folder: Path) -> list[str]:
    """Return the repository with both marks in each place; the places."""
    leak, line = hiding.leak, hiding.line
    hiding.leak = lambda place: f'{leak(place)}\nGROQ_API_KEY={token(place)}\n'
    hiding.line = lambda place: f'{line(place)} GROQ_API_KEY={token(place)}'
    return list(hiding.build(folder))


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description='Hiding places in git: which scanner sees what.')
    parser.add_argument(
        '--tools', type=Path, default=Path(sys.executable).parent, help='the folder of the programs'
    )
    tools = parser.parse_args().tools
    with tempfile.TemporaryDirectory() as place:
        places = build(Path(place))
        folder = Path(place) / 'bot'
        found = {
            name: run(tools, folder)
            for name, (program, run) in TOOLS.items()
            if (tools / program).exists()
        }
        print(f'| where the secret is | {" | ".join(found)} |\n|---|{"---|" * len(found)}')
        seen = {
            where: [sees(hiding.secret(where)) or sees(token(where)) for sees in found.values()]
            for where in places
        }
        totals = [f'**{sum(marks)}**' for marks in zip(*seen.values(), strict=True)]
        for where, marks in seen.items():
            print(f'| {where} | {" | ".join("✓" if mark else "✗" for mark in marks)} |')
        print(f'| **of {len(places)}** | {" | ".join(totals)} |')


if __name__ == '__main__':
    main()
