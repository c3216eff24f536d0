"""Findings in whole trees, as rows of a table.

Repository, revision, files, MB, seconds, findings by severity. No values.

    python benchmarks/trees.py PATH [PATH…] [--places]

With `--places` every finding at high or above is listed with rule, file and line, to be read by a
person.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LEVELS = ('critical', 'high', 'medium', 'low')


def report(tree: Path) -> dict[str, Any]:
    """Return the JSON report of a scan of everything in a tree that git would."""
    command = [
        sys.executable,
        '-m',
        'keylint',
        'scan',
        str(tree),
        '--isolated',
        '--format',
        'json',
        '--exit-zero',
    ]
    document: dict[str, Any] = json.loads(
        subprocess.run(command, capture_output=True, check=True).stdout
    )
    return document


def revision(tree: Path) -> str:
    """Return the commit that is checked out, or a dash."""
    done = subprocess.run(
        ['git', '-C', str(tree), 'rev-parse', '--short=10', 'HEAD'],
        capture_output=True,
        check=False,
        text=True,
    )
    return done.stdout.strip() or '–'


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('trees', nargs='+', type=Path)
    parser.add_argument('--places', action='store_true')
    arguments = parser.parse_args()
    print(
        '| repository | revision | files | MB | seconds | critical | high | medium | low |\n'
        '|---|---|---|---|---|---|---|---|---|'
    )
    for tree in arguments.trees:
        found = report(tree)
        summary = found['summary']
        counts = ' | '.join(str(summary['findings'].get(level, 0)) for level in LEVELS)
        size = f'{summary["files"]} | {summary["bytes"] / 1e6:.1f} | {summary["seconds"]:.2f}'
        print(f'| {tree.resolve().name} | {revision(tree)} | {size} | {counts} |')
        if arguments.places:
            for finding in found['findings']:
                if finding['severity'] in LEVELS[:2]:
                    print(
                        f'    {finding["severity"]} {finding["rule"]} '
                        f'{finding["path"]}:{finding["line"]}',
                        file=sys.stderr,
                    )


if __name__ == '__main__':
    main()
