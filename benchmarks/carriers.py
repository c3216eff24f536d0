"""Which scanner finds a key in which form of file: the table of docs/accuracy.md.

    python benchmarks/carriers.py

Peers are the packages of `pip install kingfisher-bin detect-secrets credsweeper`, beside this
Python; those that are missing are left out. Kingfisher runs with validation and the update check
off, CredSweeper as it is and with `--depth 3`, which opens carriers. The files are those of
tests/archives/rows.py. Each is made twice: with an exchange key and its secret, and with a Groq
token as the secret, whose shape all that know it find anywhere: the table is about forms, not about
shapes. A row counts as found when the report holds one of the two values (detect-secrets: its
digest), and as named (✓✓) when key and secret are one finding with the issuer's name.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from keylint.rules.recipes import expand_recipes
from tests.archives.rows import ROWS, Row, values

Found = Callable[[Row], str]
MARKS = {'': '✗', 'found': '✓', 'named': '✓✓'}


def token(row: Row) -> str:
    """Return the secret of the second file."""
    return expand_recipes('gsk_{alnum:52}', f'carriers/{row.name}')


def build(folder: Path) -> None:
    """Both files of every row, each in a folder of its own."""
    for number, row in enumerate(ROWS):
        key, secret = values(row)
        for kind, value in (('pair', secret), ('token', token(row))):
            for name, data in row.files(key, value).items():
                path = folder / f'{number:02}-{kind}' / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)


def output(command: list[str], folder: Path) -> str:
    """Return what a tool prints; findings are no failure."""
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode not in (0, 1, 200, 205):
        raise SystemExit(
            f'{command[0]} ended with {done.returncode}: {done.stderr.decode()[-500:]}'
        )
    return done.stdout.decode('utf-8', 'replace')


def seen(text: str) -> Found:
    """Whether a report holds one of the row's values."""
    return lambda row: 'found' if values(row)[1] in text or token(row) in text else ''


def keylint(tools: Path, folder: Path) -> Found:
    text = output(
        [
            str(tools / 'keylint'),
            'scan',
            '.',
            '--isolated',
            '--no-ignore',
            '--show-secrets',
            '--format',
            'json',
        ],
        folder,
    )
    found: list[dict[str, Any]] = json.loads(text)['findings']

    def mark(row: Row) -> str:
        held = [
            finding
            for finding in found
            if any(part.get('value') in (values(row)[1], token(row)) for part in finding['parts'])
        ]
        is_named = any(
            finding.get('issuer') == row.issuer
            and row.issuer
            and len(finding['parts']) == row.parts
            for finding in held
        )
        if is_named:
            return 'named'
        return 'found' if held else ''

    return mark


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
    return seen(output([str(tools / 'kingfisher'), 'scan', '.', *options], folder))


def detect_secrets(tools: Path, folder: Path) -> Found:
    text = output([str(tools / 'detect-secrets'), 'scan', '--all-files', '.'], folder)

    def digest(value: str) -> bool:
        # Its report holds SHA-1 digests.
        return hashlib.sha1(value.encode()).hexdigest() in text  # noqa: S324

    return lambda row: 'found' if digest(values(row)[1]) or digest(token(row)) else ''


def credsweeper(tools: Path, folder: Path, *options: str) -> Found:
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / 'report.json'
        output(
            [str(tools / 'credsweeper'), '--path', '.', '--save-json', str(report), *options],
            folder,
        )
        return seen(''.join(path.read_text() for path in Path(place).glob('*.json')))


TOOLS: dict[str, tuple[str, Callable[[Path, Path], Found]]] = {
    'keylint': ('keylint', keylint),
    'kingfisher': ('kingfisher', kingfisher),
    'CredSweeper': ('credsweeper', credsweeper),
    'CredSweeper `--depth 3`': (
        'credsweeper',
        lambda tools, folder: credsweeper(tools, folder, '--depth', '3'),
    ),
    'detect-secrets': ('detect-secrets', detect_secrets),
}


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(
        description='Forms of files: which scanner finds a key in which.'
    )
    parser.add_argument(
        '--tools', type=Path, default=Path(sys.executable).parent, help='the folder of the programs'
    )
    tools = parser.parse_args().tools
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        build(folder)
        found = {
            name: run(tools, folder)
            for name, (program, run) in TOOLS.items()
            if (tools / program).exists()
        }
        print(f'| where the key is | {" | ".join(found)} |\n|---|{"---|" * len(found)}')
        marks = {row.name: [mark(row) for mark in found.values()] for row in ROWS}
        columns = zip(*marks.values(), strict=True)
        totals = [f'**{sum(map(bool, kinds))}**' for kinds in columns]
        for name, kinds in marks.items():
            print(f'| {name} | {" | ".join(MARKS[kind] for kind in kinds)} |')
        print(f'| **of {len(ROWS)}** | {" | ".join(totals)} |')


if __name__ == '__main__':
    main()
