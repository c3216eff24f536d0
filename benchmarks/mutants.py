"""Put small faults into the code, one at a time, and see whether the tests notice.

    python benchmarks/mutants.py [--jobs 2]        # make the map, run what has no result yet
    python benchmarks/mutants.py --report          # killed, survived, unexecuted by area; survivors
    python benchmarks/mutants.py --list            # the sample
    python benchmarks/mutants.py --only detect     # one area, or one fault by its id

A fixed sample of 200 faults is drawn from the modules that decide what is found and what is
printed (AREAS). A map of the suite (`pip install '.[bench]'` for coverage) says which tests
execute which line, also in forks and subprocesses; only those run, narrow ones first, until one
fails or the time cap is reached. Faults are put into a copy of the checkout, never into the
checkout. Map and results are kept in `build/mutants` by a digest of code and tests, so that an
interrupted run goes on.

Survivors that no test can kill are listed with a reason in `mutants.equivalents.toml`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import queue
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from line_map import LineMap, Workspace, list_tracked, make_map, read_failed
from mutant_results import Results, show_report
from mutation import Mutant, draw_sample
from selection import choose_tests

ROOT = Path(__file__).resolve().parent.parent
SEED = 'keylint'
CAP_SECONDS = 14.0  # of test time for one fault
CPU_SECONDS = 90  # for one process: what takes longer is an endless loop
WALL_SECONDS = 900
PYTEST_USAGE_ERROR = 4

# How many faults to draw from which modules. The only place that names modules.
AREAS: dict[str, tuple[int, tuple[str, ...]]] = {
    'baseline': (
        12,
        (
            'keylint/baseline/entries.py',
            'keylint/baseline/file.py',
            'keylint/baseline/match.py',
            'keylint/baseline/update.py',
            'keylint/baseline/added_lines.py',
            'keylint/integrations/*.py',
        ),
    ),
    'detect': (18, ('keylint/detect/*.py', 'keylint/core/names.py')),
    'findings': (
        9,
        (
            'keylint/findings/build.py',
            'keylint/findings/severity.py',
            'keylint/findings/filtering.py',
            'keylint/findings/fingerprint.py',
            'keylint/findings/wording.py',
        ),
    ),
    'redaction and spans': (9, ('keylint/findings/redaction.py', 'keylint/core/spans.py')),
    'suppressions': (5, ('keylint/findings/suppressions.py',)),
    'verdicts, plan, remains': (
        14,
        (
            'keylint/publish/assess.py',
            'keylint/publish/assess_repository.py',
            'keylint/publish/plan.py',
            'keylint/publish/purge.py',
            'keylint/publish/replacements.py',
            'keylint/publish/files.py',
            'keylint/publish/verify.py',
        ),
    ),
    'travel and ranges': (
        9,
        (
            'keylint/publish/file_kinds.py',
            'keylint/publish/exposed_files.py',
            'keylint/publish/ci_files.py',
            'keylint/publish/git_settings.py',
            'keylint/history/ranges.py',
        ),
    ),
    'history': (
        11,
        (
            'keylint/history/repository.py',
            'keylint/history/worker.py',
            'keylint/history/occurrences.py',
            'keylint/history/findings.py',
            'keylint/history/lifetimes.py',
        ),
    ),
    'tree and policies': (
        12,
        (
            'keylint/policies/repository.py',
            'keylint/policies/key_policies.py',
            'keylint/policies/least_privilege.py',
            'keylint/policies/check_declarations.py',
        ),
    ),
    'declarations and code': (
        18,
        ('keylint/declarations/*.py', 'keylint/api_usage/*.py', 'keylint/policies/key_table.py'),
    ),
    'readers': (18, ('keylint/readers/*.py',)),
    'archives': (12, ('keylint/archives/*.py', 'keylint/pipeline/members.py')),
    'sources': (9, ('keylint/sources/*.py',)),
    'fixes': (9, ('keylint/fix/*.py',)),
    'reporters': (8, ('keylint/reporters/*.py',)),
    'rules': (6, ('keylint/rules/*.py',)),
    'validators': (6, ('keylint/validators/*.py',)),
    'matcher': (6, ('keylint/matcher/*.py',)),
    'pipeline, config, commands': (
        9,
        (
            'keylint/pipeline/blob.py',
            'keylint/pipeline/special_files.py',
            'keylint/pipeline/scan.py',
            'keylint/pipeline/examine.py',
            'keylint/core/config.py',
            'keylint/commands/*.py',
        ),
    ),
}


def digest_tree(checkout: Path) -> str:
    """Return a digest of all code, rules and tests: map and results hold for these alone."""
    digest = hashlib.sha256()
    for path in list_tracked(checkout):
        if path.startswith(('keylint/', 'rules/', 'tests/')):
            digest.update(path.encode() + b'\0' + (checkout / path).read_bytes() + b'\0')
    return digest.hexdigest()[:12]


def try_mutant(workspace: Workspace, mutant: Mutant, tests: Sequence[str]) -> dict[str, object]:
    """Run the tests on the fault and return outcome, the test that failed, and the seconds."""
    if not tests:
        return {'outcome': 'unexecuted', 'test': '', 'seconds': 0.0}
    original = (workspace.tree / mutant.path).read_bytes()
    workspace.write(mutant.path, mutant.apply(original))
    start = time.monotonic()
    try:
        outcome = run_limited(workspace, tests)
    finally:
        workspace.write(mutant.path, original)
    seconds = round(time.monotonic() - start, 1)
    failed = read_failed(workspace.folder / 'log.txt')
    return {'outcome': outcome, 'test': failed[0] if failed else '', 'seconds': seconds}


def run_limited(workspace: Workspace, tests: Sequence[str]) -> str:
    """Run tests until one fails; an endless loop ends at a limit of processor time.

    Raises SystemExit if pytest cannot be used as it was.
    """
    command = workspace.pytest_command(tests, '-x', '-rfE')
    with (workspace.folder / 'log.txt').open('wb') as log:
        process = subprocess.Popen(
            command,
            cwd=workspace.tree,
            env=workspace.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=limit_process,
        )
        try:
            code = process.wait(WALL_SECONDS)
        except subprocess.TimeoutExpired:
            return 'timeout'
        finally:
            end_group(process)
    if code == -signal.SIGXCPU:
        return 'timeout'
    if code == PYTEST_USAGE_ERROR:
        raise SystemExit((workspace.folder / 'log.txt').read_text(encoding='utf-8')[-2000:])
    return 'survived' if code == 0 else 'killed'


def limit_process() -> None:
    """Limit the processor time of pytest and of each process that it starts."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, hard))


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End what a run has left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run_sample(
    mutants: Iterable[Mutant], lines: LineMap, results: Results, options: argparse.Namespace
) -> None:
    """Try the faults in `--jobs` workspaces at once and print each outcome."""
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    total = waiting.qsize()
    finished: list[str] = []

    def work(number: int) -> None:
        workspace = Workspace(options.work / f'workspace-{number}', ROOT)
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                break
            tests = choose_tests(ROOT, mutant, lines, options.cap)
            result = {**try_mutant(workspace, mutant, tests), 'tests': len(tests)}
            results.add(mutant, result)
            place = f'{mutant.path}:{mutant.line}'
            finished.append(mutant.id)
            print(f'{len(finished)}/{total} {result["outcome"]:10} {place}', flush=True)
        shutil.rmtree(workspace.folder)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def load_map(options: argparse.Namespace, digest: str) -> LineMap:
    """Return the map of this tree, made now if there is none."""
    folder = options.work / f'map-{digest}'
    if not (folder / 'failed.json').exists():
        print(f'making the map of {" ".join(options.tests)}: the whole suite under coverage')
        make_map(folder, ROOT, options.tests, options.jobs)
    failed = json.loads((folder / 'failed.json').read_text(encoding='utf-8'))
    for test in failed:
        print(f'fails without any fault, left out: {test}')
    return LineMap.load(sorted(folder.glob('records-*.jsonl')), failed)


def show_sample(mutants: Iterable[Mutant]) -> None:
    """Print every fault of the sample with its change."""
    for mutant in mutants:
        old = (ROOT / mutant.path).read_bytes()[mutant.start : mutant.end].decode()
        change = ' '.join(f'{old} -> {mutant.new}'.split())
        print(f'{mutant.id} {mutant.path}:{mutant.line} {mutant.function} {mutant.kind}: {change}')


def parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or '').partition('\n')[0])
    parser.add_argument('--jobs', type=int, default=2, help='workspaces at once (2)')
    parser.add_argument('--cap', type=float, default=CAP_SECONDS, help='seconds of tests a fault')
    parser.add_argument('--work', type=Path, default=ROOT / 'build' / 'mutants')
    parser.add_argument('--tests', nargs='+', default=['tests'], help='for a map of fewer tests')
    parser.add_argument('--only', nargs='+', default=[], help='areas, or ids of faults')
    parser.add_argument('--limit', type=int, help='try so many faults at most')
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument('--map', action='store_true', help='make the map and stop')
    modes.add_argument('--list', action='store_true', help='print the sample')
    modes.add_argument('--report', action='store_true', help='print the results; 1 if below 90 %%')
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for; return the exit code."""
    options = parse_options(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    digest = digest_tree(ROOT)
    results = Results(options.work / 'results.jsonl', digest)
    mutants = draw_sample(ROOT, AREAS, SEED)
    if options.only:
        mutants = [each for each in mutants if {each.id, each.area} & set(options.only)]
    if options.report:
        return show_report(ROOT, mutants, results.read())
    if options.list:
        show_sample(mutants)
        return 0
    lines = load_map(options, digest)
    if not options.map:
        done = results.read()
        open_ones = [mutant for mutant in mutants if mutant.id not in done]
        run_sample(open_ones[: options.limit], lines, results, options)
    return 0


if __name__ == '__main__':
    sys.exit(main())
