"""Put small faults into the code, one at a time, and see whether the tests notice.

    python benchmarks/mutants.py [--jobs 2]        # make the map, run what has no result yet
    python benchmarks/mutants.py --report          # killed, survived, unexecuted by area; survivors
    python benchmarks/mutants.py --list            # the sample
    python benchmarks/mutants.py --only detect     # one area, or one fault by its id

A fixed sample of 200 faults is drawn from the modules that decide what is found and what is
printed (AREAS). A map of the suite (`pip install '.[bench]'` for coverage) says which tests
execute which line, also in forks and subprocesses; only those run, the unit tests of the changed
module first, until one fails or the time cap is reached. A fault that outlives the cap is not
decided and counts as not killed, as one that outlives all its tests does. Faults are put into a
copy of the checkout, never into the checkout. Map and results are kept in `build/mutants`: an
interrupted run goes on, and after a change of tests only what it may change is tried again.

Survivors that no test can kill are listed with a reason in `mutants.equivalents.toml`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from line_map import LineMap, Workspace, read_failed
from map_store import MapStore, list_test_modules
from mutant_results import Results, show_report
from mutation import Mutant, draw_sample
from selection import Choice, choose_tests

ROOT = Path(__file__).resolve().parent.parent
SEED = 'keylint'
CAP_SECONDS = 60.0  # of test time for one fault, as the map has measured it
# Processor time of one process, beside twice that of its tests: what takes longer is an endless
# loop.
CPU_SECONDS = 40
WALL_SECONDS = 900
PYTEST_USAGE_ERROR = 4
# A fault that no test module survives being imported with.
IMPORT_FAILED = ('while loading conftest', ' ERROR collecting ')
NOT_FOUND = re.compile(r'^ERROR: not found: \S*?(tests/.+)$', re.MULTILINE)

# How many faults to draw from which modules. The only place that names modules.
AREAS: dict[str, tuple[int, tuple[str, ...]]] = {
    'baseline': (12, ('keylint/baseline/*.py', 'keylint/integrations/*.py')),
    'detect': (18, ('keylint/detect/*.py', 'keylint/core/names.py')),
    'findings': (
        9,
        (
            'keylint/findings/build.py',
            'keylint/findings/completeness.py',
            'keylint/findings/severity.py',
            'keylint/findings/filtering.py',
            'keylint/findings/fingerprint.py',
            'keylint/findings/wording.py',
        ),
    ),
    'redaction and spans': (
        9,
        (
            'keylint/findings/redaction.py',
            'keylint/findings/excerpt*.py',
            'keylint/findings/foreign_text.py',
            'keylint/core/spans.py',
        ),
    ),
    'suppressions': (5, ('keylint/findings/suppressions.py', 'keylint/findings/comments.py')),
    'verdicts, plan, remains': (
        14,
        (
            'keylint/publish/assess*.py',
            'keylint/publish/exposures.py',
            'keylint/publish/exposure_checks.py',
            'keylint/publish/files.py',
            'keylint/publish/gitignore_patch.py',
            'keylint/publish/identities.py',
            'keylint/publish/missing.py',
            'keylint/publish/plan.py',
            'keylint/publish/purge*.py',
            'keylint/publish/replacements.py',
            'keylint/publish/verify.py',
        ),
    ),
    'travel and ranges': (
        9,
        (
            'keylint/publish/ci_files.py',
            'keylint/publish/env_example.py',
            'keylint/publish/exposed_files.py',
            'keylint/publish/file_kinds.py',
            'keylint/publish/git_settings.py',
            'keylint/history/ranges.py',
        ),
    ),
    'history': (
        11,
        (
            'keylint/history/batches.py',
            'keylint/history/findings.py',
            'keylint/history/lifetimes.py',
            'keylint/history/occurrences.py',
            'keylint/history/repository.py',
            'keylint/history/worker.py',
        ),
    ),
    'tree and policies': (
        12,
        (
            'keylint/policies/check_declarations.py',
            'keylint/policies/code_*.py',
            'keylint/policies/key_policies.py',
            'keylint/policies/least_privilege.py',
            'keylint/policies/repository*.py',
            'keylint/policies/sibling_policies.py',
            'keylint/policies/unused_keys.py',
            'keylint/policies/violations.py',
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
            'keylint/pipeline/*clean_cache.py',
            'keylint/pipeline/names.py',
            'keylint/pipeline/special_files.py',
            'keylint/pipeline/scan.py',
            'keylint/pipeline/examine.py',
            'keylint/core/claims.py',
            'keylint/core/config*.py',
            'keylint/core/*paths.py',
            'keylint/scanner/*.py',
            'keylint/commands/*.py',
        ),
    ),
}


def try_mutant(workspace: Workspace, mutant: Mutant, choice: Choice) -> dict[str, object]:
    """Run the tests on the fault and return outcome, the test that failed, and the seconds."""
    if not choice.tests:
        return {'outcome': 'unexecuted', 'test': '', 'seconds': 0.0}
    original = (workspace.tree / mutant.path).read_bytes()
    start = time.monotonic()
    with workspace.change_file(mutant.path, mutant.apply(original)):
        outcome = run_limited(workspace, choice.tests, choice.seconds)
    if outcome == 'survived' and choice.left_out:
        outcome = 'not decided'
    seconds = round(time.monotonic() - start, 1)
    failed = read_failed(workspace.folder / 'log.txt')
    return {'outcome': outcome, 'test': failed[0] if failed else '', 'seconds': seconds}


def run_limited(workspace: Workspace, tests: Sequence[str], seconds: float) -> str:
    """Run tests until one fails; an endless loop ends at a limit of processor time.

    Tests that the map knows and pytest does not are left out: their names come from a table of
    the code. Raises RuntimeError if pytest cannot be used as it was.
    """
    code = run_pytest(workspace, tests, round(CPU_SECONDS + 2 * seconds))
    if code is None:
        return 'not decided'
    if code == -signal.SIGXCPU:
        return 'timeout'
    if code == PYTEST_USAGE_ERROR:
        log = (workspace.folder / 'log.txt').read_text(encoding='utf-8')
        if any(text in log for text in IMPORT_FAILED):
            return 'killed'
        missing = set(NOT_FOUND.findall(log))  # without the case
        known = [test for test in tests if test.partition('[')[0] not in missing]
        if len(known) == len(tests):
            raise RuntimeError(log[-2000:])
        outcome = run_limited(workspace, known, seconds) if known else 'survived'
        return 'not decided' if outcome == 'survived' else outcome
    return 'survived' if code == 0 else 'killed'


def run_pytest(workspace: Workspace, tests: Sequence[str], cpu_seconds: int) -> int | None:
    """Return the exit code of pytest, None where it did not end in time."""
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
            preexec_fn=lambda: limit_process(cpu_seconds),
        )
        try:
            return process.wait(WALL_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            end_group(process)


def limit_process(cpu_seconds: int) -> None:
    """Limit the processor time of pytest and of each process that it starts."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, hard))


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
    killers = results.list_killers()
    finished: list[str] = []

    def work(number: int) -> None:
        workspace = Workspace(Path(place.name) / f'workspace-{number}', ROOT)
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                break
            choice = choose_tests(ROOT, mutant, lines, options.cap, killers[mutant.id])
            result = {**try_mutant(workspace, mutant, choice), 'tests': len(choice.tests)}
            results.add(mutant, result)
            where = f'{mutant.path}:{mutant.line}'
            finished.append(mutant.id)
            print(f'{len(finished)}/{total} {result["outcome"]:11} {where}', flush=True)

    place = TemporaryDirectory(prefix='keylint-mutants-')
    threads = [threading.Thread(target=work, args=(number,)) for number in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    place.cleanup()


def load_map(options: argparse.Namespace) -> LineMap:
    """Return the map of the tests, with those recorded anew that have changed."""
    store = MapStore(options.work / 'map', ROOT)
    modules = list_test_modules(ROOT, options.tests)
    stale = modules if options.map else store.list_stale(modules)
    store.record(stale)
    return store.load(modules)


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
    modes.add_argument('--map', action='store_true', help='make the whole map anew and stop')
    modes.add_argument('--list', action='store_true', help='print the sample')
    modes.add_argument('--report', action='store_true', help='print the results; 1 if below 90 %%')
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for; return the exit code."""
    options = parse_options(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    results = Results(options.work / 'results.jsonl', ROOT)
    mutants = draw_sample(ROOT, AREAS, SEED)
    if options.only:
        mutants = [each for each in mutants if {each.id, each.area} & set(options.only)]
    if options.report:
        return show_report(ROOT, mutants, results.read())
    if options.list:
        show_sample(mutants)
        return 0
    lines = load_map(options)
    if not options.map:
        done = results.read()
        open_ones = [mutant for mutant in mutants if mutant.id not in done]
        run_sample(open_ones[: options.limit], lines, results, options)
    return 0


if __name__ == '__main__':
    sys.exit(main())
