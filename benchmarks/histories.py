"""Findings in whole histories, as rows of a table.

Objects, MB, seconds, failures, findings by severity. No values.

    python benchmarks/histories.py REPOSITORY… [--keep FOLDER] [--places]

Objects are what keylint read: blobs, commits and tags. "CPU" is user and system time of keylint and
its git, of all cores, which a busy machine blurs less than seconds. With `--places` every finding
at high or above is listed with rule, commit, file and line, to be read by a person; with `--keep`
the JSON reports stay.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LEVELS = ('critical', 'high', 'medium', 'low')


def report(repository: Path) -> tuple[dict[str, Any], float, float]:
    """Return the JSON report of a whole history, the seconds and the CPU seconds of the run."""
    command = [
        sys.executable,
        '-m',
        'keylint',
        'scan',
        '--history',
        str(repository),
        '--isolated',
        '--no-progress',
        '--format',
        'json',
    ]
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    elapsed, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout:
        raise SystemExit(
            f'{repository}: keylint ended with {done.returncode}: {done.stderr[-500:]}'
        )
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), elapsed, used


def name(repository: Path) -> str:
    """Return the repository's name; a bare one called `repo` or `.git` goes by its folder."""
    path = repository.resolve()
    return path.parent.name if path.name in ('repo', '.git') else path.name.removesuffix('.git')


def place(finding: dict[str, Any]) -> str:
    """Severity, rule, commit, file and line of a finding."""
    commit = finding['commit'] or 'no commit'
    place = f'{commit[:10]}:{finding["path"]}:{finding["line"]}'
    return f'    {finding["severity"]} {finding["rule"]} {place}'


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('repositories', nargs='+', type=Path)
    parser.add_argument('--keep', type=Path)
    parser.add_argument('--places', action='store_true')
    arguments = parser.parse_args()
    print(
        '| repository | objects | MB | seconds | CPU | failures | critical | high '
        '| medium | low |\n'
        '|---|---|---|---|---|---|---|---|---|---|'
    )
    for repository in arguments.repositories:
        found, elapsed, used = report(repository)
        if arguments.keep:
            (arguments.keep / f'{name(repository)}.json').write_text(json.dumps(found, indent=1))
        summary = found['summary']
        counts = ' | '.join(str(summary['findings'].get(level, 0)) for level in LEVELS)
        size = f'{summary["files"]} | {summary["bytes"] / 1e6:.1f} | {elapsed:.1f} | {used:.1f}'
        print(f'| {name(repository)} | {size} | {summary["failures"]} | {counts} |', flush=True)
        if arguments.places:
            print(
                *(
                    place(finding)
                    for finding in found['findings']
                    if finding['severity'] in LEVELS[:2]
                ),
                sep='\n',
                file=sys.stderr,
            )


if __name__ == '__main__':
    main()
