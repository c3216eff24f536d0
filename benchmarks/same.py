"""Compare what two installed keylints report: `python benchmarks/same.py OLD NEW TREE...`.

OLD and NEW are two `keylint` executables. A TREE is a folder, a git repository (its history is
compared too) or a .tar.gz, whose top-level folders are compared one by one. Every report is read as
JSON where there is JSON, and compared value by value, with exit code and stderr.

Prints one line a comparison with what both sides reported, so that an empty comparison is not taken
for an equal one. A field that only NEW has and another order of a list are no differences, and are
named. Ends with 0 if all is equal, 1 if something differs, 2 if something could not be run.
No value of a secret is ever printed: a digest stands for it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

TODAY = '2026-06-30'
MAX_SECONDS = 1800
MAX_SHOWN = 20
FORMATS = (
    'text',
    'jsonl',
    'sarif',
    'github',
    'gitlab',
    'codeclimate',
    'junit',
    'csv',
    'markdown',
    'html',
)
# What a report says of the run itself, not of what it found.
OF_THE_RUN = frozenset(('seconds', 'unchanged', 'keylint'))
# Fields that may hold values of secrets, of which a difference shows a digest only.
SECRET_FIELDS = frozenset(('value', 'match', 'snippet', 'preview'))
_DURATION = re.compile(r'\b\d+(?:\.\d+)? ?(?:s|ms|seconds)\b')
_LONG_RUN = re.compile(r'[A-Za-z0-9+/=_-]{20,}')
_UNSET = object()


class Expected(NamedTuple):
    """A difference that is meant: what it looks like, in which comparisons, and why."""

    comparison: re.Pattern[str]
    difference: re.Pattern[str]
    why: str


EXPECTED = (
    Expected(
        re.compile(r'.'),
        re.compile(r'nested too deep'),
        'PyYAML 6.0.4 reports too deep nesting by an error of its own: not scanned, exit code 2',
    ),
)
# What follows from an expected failure of a file: never expected on its own.
CONSEQUENCE = re.compile(r'^(?:exit code: [01] → 2|summary\.failures: |summary\.skipped)')


class Side(NamedTuple):
    """One of the two keylints, with a cache of its own and a folder for what it writes."""

    name: str
    executable: str
    scratch: Path
    workers: str


class Place(NamedTuple):
    """A folder to compare on: how it is called in the output, and whether it has a history."""

    label: str
    folder: Path
    has_history: bool


class Run(NamedTuple):
    """What a run ended with. `files` are the files that it wrote, by name."""

    code: int
    stdout: str
    stderr: str
    files: dict[str, str]


class Result(NamedTuple):
    """A comparison's outcome: counts of each side, differences, meant and excepted ones."""

    counts: tuple[str, str]
    differences: list[str]
    expected: list[str]
    excepted: Counter[str]


class CannotRunError(Exception):
    """A keylint that could not be started, ran too long, crashed or gave no report."""


# Running


def run_keylint(side: Side, place: Place, arguments: Sequence[str]) -> Run:
    """Run a keylint in a place; `{out}` in an argument is a fresh folder. Raises CannotRunError."""
    out = side.scratch / 'out'
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    given = [argument.replace('{out}', str(out)) for argument in arguments]
    kept = {key: text for key, text in os.environ.items() if not key.startswith('KEYLINT_')}
    environment = {
        **kept,
        'KEYLINT_CACHE_DIR': str(side.scratch / 'cache'),
        'KEYLINT_NO_CACHE': '1',
        'KEYLINT_WORKERS': side.workers,
        'NO_COLOR': '1',
        'COLUMNS': '100',
        'PYTHONPATH': '',
    }
    try:
        done = subprocess.run(
            [side.executable, *given],
            cwd=place.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=MAX_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRunError(
            f'{side.name}: {type(error).__name__} of keylint {arguments[0]}'
        ) from error
    stdout, stderr = (text.decode('utf-8', 'replace') for text in (done.stdout, done.stderr))
    if 'Traceback (most recent call last)' in stderr or done.returncode < 0:
        raise CannotRunError(f'{side.name}: {describe_crash(done.returncode, stderr)}')
    files = {
        str(path.relative_to(out)): hide_scratch(path.read_text('utf-8', 'replace'), side, place)
        for path in sorted(out.rglob('*'))
        if path.is_file()
    }
    shown = [hide_scratch(text, side, place) for text in (stdout, stderr)]
    return Run(done.returncode, shown[0], shown[1], files)


def hide_scratch(text: str, side: Side, place: Place) -> str:
    """Replace a side's own folder, absolute or seen from the place, by a name that both share."""
    for folder in (str(side.scratch), os.path.relpath(side.scratch, place.folder.resolve())):
        text = text.replace(folder, 'SCRATCH')
    return text


def describe_crash(code: int, stderr: str) -> str:
    """Tell how a run died, by the last line of its trace, long runs masked."""
    last = stderr.strip().rpartition('\n')[2]
    return f'ended with {code}: {_LONG_RUN.sub("…", last)[:200]}'


def read_json(run: Run, side: Side) -> Any:
    """Read the report of a run that must give one. Raises CannotRunError."""
    try:
        return json.loads(run.stdout)
    except ValueError as error:
        why = _LONG_RUN.sub('…', run.stderr.strip().rpartition('\n')[2])[:200]
        raise CannotRunError(f'{side.name}: no JSON, exit code {run.code}: {why}') from error


# Comparing


class Comparison:
    """The differences of two reports, and what is excepted from them."""

    def __init__(self) -> None:
        self.differences: list[str] = []
        self.excepted: Counter[str] = Counter()

    def compare(self, old: Any, new: Any, path: str = '') -> None:
        """Compare two values of JSON found at a path of the reports."""
        if isinstance(old, dict) and isinstance(new, dict):
            self._compare_objects(old, new, path)
        elif isinstance(old, list) and isinstance(new, list):
            self._compare_lists(old, new, path)
        elif old != new or type(old) is not type(new):
            self.differences.append(f'{path}: {show_value(old, path)} → {show_value(new, path)}')

    def _compare_objects(self, old: dict[str, Any], new: dict[str, Any], path: str) -> None:
        for key in old.keys() | new.keys():
            name = f'{path}.{key}'.lstrip('.')
            if not path.count('.') and key == 'keylint':
                continue
            if name in ('summary.seconds', 'summary.unchanged'):
                continue
            if key not in old:
                if is_count_by_name(path):
                    self.differences.append(f'{name}: absent → {show_value(new[key], name)}')
                else:
                    self.excepted[f'new field {general_path(name)}'] += 1
            elif key not in new:
                self.differences.append(f'{name}: {show_value(old[key], name)} → absent')
            else:
                self.compare(old[key], new[key], name)

    def _compare_lists(self, old: list[Any], new: list[Any], path: str) -> None:
        if all(isinstance(item, dict) for item in [*old, *new]) and (old or new):
            self._compare_rows(old, new, path)
        elif old != new and sorted(map(canonical, old)) == sorted(map(canonical, new)):
            self.excepted[f'other order of {general_path(path)}'] += 1
        elif len(old) != len(new):
            self.differences.append(f'{path}: {show_value(old, path)} → {show_value(new, path)}')
        else:
            for number, (one, other) in enumerate(zip(old, new, strict=True)):
                self.compare(one, other, f'{path}[{number}]')

    def _compare_rows(self, old: list[Any], new: list[Any], path: str) -> None:
        """Compare lists of objects: each with the one of the same name, whatever its place."""
        if not can_be_named(old + new):
            if len(old) == len(new):
                for number, (one, other) in enumerate(zip(old, new, strict=True)):
                    self.compare(one, other, f'{path}[{number}]')
            else:
                self.differences.append(f'{path}: {len(old)} entries → {len(new)} entries')
            return
        before, after = name_rows(old), name_rows(new)
        for name in before.keys() - after.keys():
            self.differences.append(f'{path}: gone: {name} {describe_row(before[name])}')
        for name in after.keys() - before.keys():
            self.differences.append(f'{path}: came: {name} {describe_row(after[name])}')
        for name in before.keys() & after.keys():
            self.compare(before[name], after[name], f'{path}[{name}]')
        if before.keys() == after.keys() and list(before) != list(after):
            self.excepted[f'other order of {general_path(path)}'] += 1


def general_path(path: str) -> str:
    """Write a path of a report without the names of entries, so that exceptions can be counted."""
    return re.sub(r'\[[^]]*\]', '[]', path)


def is_count_by_name(path: str) -> bool:
    """Tell whether the keys of an object are data: a new one is then a difference, not a field."""
    return path in ('summary.findings', 'summary.skipped', 'summary.verdicts')


def canonical(value: Any) -> str:
    """Write a value of JSON so that equal ones are equal texts."""
    return json.dumps(value, sort_keys=True)


_NAMES = ('path', 'line', 'column', 'rule', 'place', 'exchange', 'label', 'file', 'subject', 'kind')


def can_be_named(rows: list[Any]) -> bool:
    """Tell whether the objects of a list have places, so that their order need not matter."""
    return all(any(key in row for key in ('path', 'place', 'file')) for row in rows)


def name_rows(rows: list[Any]) -> dict[str, Any]:
    """Give each object a name by its place and rule, numbered where several have the same."""
    named: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        flat = {**row, **(row['finding'] if isinstance(row.get('finding'), dict) else {})}
        fields = [flat[key] for key in _NAMES if key in flat and not isinstance(flat[key], dict)]
        name = ':'.join(str(field) for field in fields if field not in (None, ''))
        if isinstance(flat.get('fingerprint'), str):
            name += f'#{flat["fingerprint"][:8]}'
        seen[name] += 1
        named[f'{name}~{seen[name]}' if seen[name] > 1 else name] = row
    return named


def describe_row(row: dict[str, Any]) -> str:
    """Say of an object that one side lacks what a reader wants to know first."""
    told = [str(row[key]) for key in ('severity', 'confidence', 'issuer', 'reason') if row.get(key)]
    return _LONG_RUN.sub('…', ', '.join(told))


def show_value(value: Any, path: str) -> str:
    """Show a value of a difference; what may be a secret as a digest and a length."""
    field = path.rpartition('.')[2].partition('[')[0]
    if isinstance(value, str) and field in SECRET_FIELDS:
        digest = hashlib.blake2b(value.encode(), digest_size=4).hexdigest()
        return f'<{digest}, {len(value)} characters>'
    text = json.dumps(value, ensure_ascii=False)
    return _LONG_RUN.sub('…', text if len(text) < 240 else f'{text[:240]}…')


def compare_texts(old: str, new: str, name: str) -> list[str]:
    """Compare two texts line by line, durations left out."""
    before, after = (_DURATION.sub('0s', text).splitlines() for text in (old, new))
    if before == after:
        return []
    found = []
    lost, won = Counter(before) - Counter(after), Counter(after) - Counter(before)
    for sign, lines in (('-', lost), ('+', won)):
        found += [f'{name}: {sign} {_LONG_RUN.sub("…", line)[:200]}' for line in lines.elements()]
    return found or [f'{name}: the same lines in another order']


def strip_run(value: Any) -> Any:
    """Take out of a report of any format what it says of the run itself."""
    if isinstance(value, dict):
        return {key: strip_run(item) for key, item in value.items() if key not in OF_THE_RUN}
    return [strip_run(item) for item in value] if isinstance(value, list) else value


# What is compared


Check = Callable[[Place, Side, Side], Result]


def judge(
    differences: list[str], excepted: Counter[str], counts: tuple[str, str], name: str
) -> Result:
    """Part the differences in those that are meant and the others."""
    meant = [
        line
        for line in differences
        if any(e.comparison.search(name) and e.difference.search(line) for e in EXPECTED)
    ]
    if meant:
        meant += [line for line in differences if CONSEQUENCE.search(line)]
    return Result(counts, [line for line in differences if line not in meant], meant, excepted)


def compare_runs(old: Run, new: Run) -> list[str]:
    """Compare what does not depend on the command: exit code and stderr."""
    found = [] if old.code == new.code else [f'exit code: {old.code} → {new.code}']
    return found + compare_texts(old.stderr, new.stderr, 'stderr')


def count_report(report: Any) -> str:
    """Count what a report holds, so that an empty one is seen."""
    if isinstance(report, list):
        return f'{len(report)} entries'
    lists = [(key, len(value)) for key, value in report.items() if isinstance(value, list)]
    files = (
        report.get('summary', {}).get('files') if isinstance(report.get('summary'), dict) else None
    )
    told = [f'{number} {key}' for key, number in lists]
    return ', '.join(told + ([f'{files} files'] if files is not None else []))


def check_json(*arguments: str) -> Check:
    """Compare the JSON of one command, and all files that it writes."""

    def check(place: Place, old: Side, new: Side) -> Result:
        runs = [run_keylint(side, place, arguments) for side in (old, new)]
        reports = [read_json(run, side) for run, side in zip(runs, (old, new), strict=True)]
        comparison = Comparison()
        comparison.compare(*reports)
        files = compare_files(runs[0].files, runs[1].files)
        counts = [count_report(report) for report in reports]
        found = compare_runs(*runs) + comparison.differences + files
        return judge(found, comparison.excepted, (counts[0], counts[1]), ' '.join(arguments))

    return check


def check_text(*arguments: str) -> Check:
    """Compare the text of one command, and all files that it writes."""

    def check(place: Place, old: Side, new: Side) -> Result:
        runs = [run_keylint(side, place, arguments) for side in (old, new)]
        if any(run.code not in (0, 1) and not run.stdout for run in runs) and runs[0] == runs[1]:
            raise CannotRunError(f'both: exit code {runs[0].code}: {runs[0].stderr.strip()[:200]}')
        found = compare_runs(*runs) + compare_texts(runs[0].stdout, runs[1].stdout, 'stdout')
        found += compare_files(runs[0].files, runs[1].files)
        counts = [count_texts(run) for run in runs]
        return judge(found, Counter(), (counts[0], counts[1]), ' '.join(arguments))

    return check


def count_texts(run: Run) -> str:
    """Count the lines that a run printed, and those of each file that it wrote."""
    lines = [f'{len(text.splitlines())} in {name}' for name, text in run.files.items()]
    return ', '.join([f'{len(run.stdout.splitlines())} lines', *lines[:3]]) + (
        ', …' if lines[3:] else ''
    )


def compare_files(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Compare written files: those of JSON by value, the others line by line."""
    found = [f'file {name}: only one side wrote it' for name in old.keys() ^ new.keys()]
    for name in sorted(old.keys() & new.keys()):
        try:
            values = [strip_run(read_values(files[name])) for files in (old, new)]
        except ValueError:
            found += compare_texts(old[name], new[name], f'file {name}')
            continue
        comparison = Comparison()
        comparison.compare(*values)
        found += [f'file {name}: {line}' for line in comparison.differences]
    return found


def read_values(text: str) -> Any:
    """Read JSON, or one value of JSON a line. Raises ValueError for a text that is neither."""
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines()]


def check_baseline(place: Place, old: Side, new: Side) -> Result:
    """Return a baseline of each side under one salt, and what each makes of the other's."""
    written = []
    emptied = ''
    for side in (old, new):
        path = side.scratch / 'baseline.json'
        path.unlink(missing_ok=True)
        command = ('--isolated', '--no-progress', '--today', TODAY, '--baseline', str(path))
        run = run_keylint(side, place, ['baseline', 'create', *command])
        if not path.exists():
            raise CannotRunError(f'{side.name}: {describe_crash(run.code, run.stderr)}')
        emptied = emptied or json.dumps({**json.loads(path.read_text()), 'entries': []})
        path.write_text(emptied)
        again = run_keylint(side, place, ['baseline', 'update', *command])
        written.append((run, again, json.loads(path.read_text())))
    (first, updated, before), (second, renewed, after) = written
    found = compare_runs(first, second) + compare_texts(first.stdout, second.stdout, 'stdout')
    found += compare_runs(updated, renewed) + compare_texts(
        updated.stdout, renewed.stdout, 'stdout'
    )
    if before != after:
        found += compare_texts(show_lines(before), show_lines(after), 'baseline')
    options = ('scan', '--format', 'json', '--isolated', '--today', TODAY, '--no-progress')
    known = [*options, '--baseline', str(old.scratch / 'baseline.json')]
    runs = [run_keylint(side, place, known) for side in (old, new)]
    reports = [read_json(run, side) for run, side in zip(runs, (old, new), strict=True)]
    comparison = Comparison()
    comparison.compare(*reports)
    found += compare_runs(*runs) + comparison.differences
    counts = [
        f'{len(entries(made))} entries, {report["summary"].get("known")} known'
        for made, report in zip((before, after), reports, strict=True)
    ]
    return judge(found, comparison.excepted, (counts[0], counts[1]), 'baseline')


def entries(baseline: Any) -> list[Any]:
    """Return the entries of a baseline file."""
    return list(baseline['entries'])


def show_lines(baseline: Any) -> str:
    """Write a baseline one entry a line."""
    head = {key: value for key, value in baseline.items() if key != 'entries'}
    return '\n'.join([canonical(head), *(canonical(entry) for entry in entries(baseline))])


def checks_for(place: Place) -> Iterator[tuple[str, Check]]:
    """All comparisons of a place, with how each is called in the output."""
    common = ('--isolated', '--no-progress', '--today', TODAY)
    scan = ('scan', '--format', 'json', '--no-ignore', '--no-cache', *common)
    outputs = [part for name in FORMATS for part in ('--output', f'{name}:{{out}}/{name}')]
    yield 'scan', check_json(*scan, *outputs, '--output', 'json:-')
    yield 'scan --pedantic --show-secrets', check_json(*scan, '--pedantic', '--show-secrets')
    yield (
        'scan --severity high --ignore key-,code-',
        check_json(*scan, '--severity', 'high', '--ignore', 'key-,keys-,code-'),
    )
    yield 'keys', check_json('keys', '--format', 'json', '--no-ignore', *common)
    yield 'keys --recipe', check_text('keys', '--recipe', '--no-ignore', *common)
    yield 'fix --dry-run', check_text('fix', '--dry-run', *common)
    yield 'baseline', check_baseline
    if place.has_history:
        history = ('scan', '--history', '.', '--format', 'json', '--no-cache', *common)
        yield 'scan --history', check_json(*history)
        yield (
            'scan --history --pedantic --show-secrets',
            check_json(*history, '--pedantic', '--show-secrets'),
        )
        publish = ('publish', '--isolated', '--no-progress', '--no-cache')
        yield 'publish', check_json(*publish, '--format', 'json')
        yield 'publish --plan', check_text(*publish, '--plan', '{out}/plan')


def find_places(tree: str, scratch: Path) -> list[Place]:
    """Return the places that an argument stands for. Raises CannotRunError."""
    path = Path(tree)
    if path.is_dir():
        folder = path.resolve()
        has_history = (folder / '.git').exists() or (folder / 'HEAD').is_file()
        if not has_history and any((parent / '.git').exists() for parent in folder.parents):
            # By itself: some commands speak of the whole repository that a folder lies in.
            copy = scratch / f'copy-{len(list(scratch.iterdir()))}' / folder.name
            shutil.copytree(folder, copy, symlinks=True)
            folder = copy
        return [Place(tree, folder, has_history)]
    if not tarfile.is_tarfile(path):
        raise CannotRunError(f'{tree}: neither a folder nor a tar archive')
    target = scratch / f'unpacked-{len(list(scratch.iterdir()))}'
    with tarfile.open(path) as archive:
        archive.extractall(target, filter='data')
    folders = [folder for folder in sorted(target.iterdir()) if folder.is_dir()]
    return [
        Place(f'{path.name}/{folder.name}', folder, (folder / '.git').exists())
        for folder in folders
    ]


def print_result(label: str, name: str, result: Result) -> None:
    """Print a comparison in one line, and below it what differs, is meant or is excepted."""
    old, new = result.counts
    verdict = 'DIFFERENT' if result.differences else 'equal'
    counts = old if old == new else f'{old} | {new}'
    print(f'{verdict:9}  {label}: {name}: {counts}', flush=True)
    for line in result.differences[:MAX_SHOWN]:
        print(f'             {line}')
    if len(result.differences) > MAX_SHOWN:
        print(f'             and {len(result.differences) - MAX_SHOWN} more')
    for line in result.expected[:MAX_SHOWN]:
        print(f'             as expected: {line}')
    for line, times in sorted(result.excepted.items()):
        print(f'             excepted: {line} ({times} times)')


def main() -> int:
    """Compare all trees, and tell by the exit code how that ended."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('old', metavar='OLD', help='a keylint executable')
    parser.add_argument('new', metavar='NEW', help='another one')
    parser.add_argument('trees', metavar='TREE', nargs='+', help='folder, repository or .tar.gz')
    parser.add_argument('--only', default='', help='only comparisons whose name holds this text')
    parser.add_argument('--workers', type=int, default=1, help='processes that scan (default: 1)')
    given = parser.parse_args()
    failures = differences = done = 0
    with tempfile.TemporaryDirectory(prefix='keylint-same-') as folder:
        scratch = Path(folder)
        executables = [
            os.path.abspath(path) if os.sep in path else path for path in (given.old, given.new)
        ]
        # Names of one length: whatever depends on the length of a path is the same.
        old, new = (
            Side(name, executable, scratch / name, str(given.workers))
            for name, executable in zip(('old', 'new'), executables, strict=True)
        )
        for tree in given.trees:
            try:
                places = find_places(tree, scratch)
            except (CannotRunError, OSError, tarfile.TarError) as error:
                print(f'NOT RUN    {tree}: {error}')
                failures += 1
                continue
            for place in places:
                for name, check in checks_for(place):
                    if given.only not in name:
                        continue
                    done += 1
                    try:
                        result = check(place, old, new)
                    except (CannotRunError, OSError) as error:
                        print(f'NOT RUN    {place.label}: {name}: {error}', flush=True)
                        failures += 1
                        continue
                    print_result(place.label, name, result)
                    differences += bool(result.differences)
    print(f'{done} comparisons: {differences} differ, {failures} could not be run')
    if failures or not done:
        return 2
    return 1 if differences else 0


if __name__ == '__main__':
    sys.exit(main())
