"""Do a unit of work in this process: scan a repository, a chunk of it, or join its chunks.

What is found is what `scan --history` finds in the repository alone, however the work is cut.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence

from keylint.core.report import Failure, HiddenFinding, Report
from keylint.fleet.codec import pack, unpack
from keylint.fleet.declared_keys import read_keys
from keylint.fleet.found import describe_findings
from keylint.fleet.known_objects import KnownObjects, split_keys
from keylint.fleet.opened import (
    OpenedPart,
    UnitContext,
    cut_chunks,
    describe_known_state,
    name_plan,
    open_parts,
    read_state,
    set_up_unit,
)
from keylint.fleet.units import ChunkAnswer, ChunkObjects, UnitAnswer, WorkUnit
from keylint.history.findings import HistoryReporter
from keylint.history.occurrences import Occurrence, merge_occurrences
from keylint.history.worker import HistoryWorker, ObjectScan
from keylint.scanner.find_baseline import find_baseline
from keylint.scanner.finish import finish_report
from keylint.scanner.history import HistoryRun, find_values_in_names
from keylint.sources.commits import list_staged

_OBJECT = re.compile(r'object [0-9a-f]{12}: ')
_ENDED = 'the process that worked on the unit ended'


def do_unit(unit: WorkUnit, is_stopped: Callable[[], bool]) -> UnitAnswer:
    """Do a unit. Raises KeylintError where the repository or its configuration cannot be read."""
    started = time.process_time()
    context = set_up_unit(unit)
    known_state = describe_known_state(unit, context)
    if unit.kind == 'chunk':
        chunk = unpack(ChunkObjects, unit.objects)
        result = scan_chunk(unit, context, chunk, is_stopped)
        answer = UnitAnswer(
            'chunk',
            unit.repository,
            unit.number,
            chunks=(pack(result),),
            objects=result.objects,
            bytes=result.size,
        )
    else:
        answer = _look_at_repository(unit, context, is_stopped)
    spent = time.process_time() - started
    return answer._replace(known_state=known_state, seconds=spent)


def _look_at_repository(
    unit: WorkUnit, context: UnitContext, is_stopped: Callable[[], bool]
) -> UnitAnswer:
    """Scan a repository as a whole if it is small, else say how it is cut; or join its chunks."""
    state = read_state(unit, context)
    if unit.kind == 'repository' and unit.state == state:
        return UnitAnswer('unchanged', unit.repository)
    report = Report('object')
    known = _open_known(unit, context)
    opened = open_parts(context, report, known)
    chunks = cut_chunks(opened, unit.settings.chunk_bytes)
    plan = name_plan(chunks, describe_known_state(unit, context))
    if unit.kind == 'join':
        if plan != unit.plan or len(unit.answers) != len(chunks) or not all(unit.answers):
            return UnitAnswer('changed', unit.repository)
        results = [unpack(ChunkAnswer, data) for data in unit.answers]
    elif len(chunks) > 1 and _count_bytes(chunks) > unit.settings.chunk_bytes:
        packed = tuple(map(pack, chunks))
        return UnitAnswer('plan', unit.repository, plan=plan, chunks=packed)
    else:
        results = [scan_chunk(unit, context, chunk, is_stopped) for chunk in chunks]
    _join_results(opened, results, context, report)
    for result in results:
        for key in split_keys(result.clean):
            known.add(key)
    answer = _make_answer(unit, context, report)
    return answer._replace(state=state, clean=known.take_keys())


def _count_bytes(chunks: Iterable[ChunkObjects]) -> int:
    return sum(batch.bytes for chunk in chunks for batch in chunk.batches)


def _open_known(unit: WorkUnit, context: UnitContext) -> KnownObjects:
    state = describe_known_state(unit, context)
    before = unit.known if unit.known_state == state else b''
    return KnownObjects(unit.settings.key, state, before)


def scan_chunk(
    unit: WorkUnit, context: UnitContext, chunk: ChunkObjects, is_stopped: Callable[[], bool]
) -> ChunkAnswer:
    """Scan the objects of a chunk: where findings are, and which objects are clean."""
    folder, prefix = context.parts[chunk.part]
    known = KnownObjects(unit.settings.key, describe_known_state(unit, context), b'')
    run = ObjectScan(
        context.rules,
        context.config,
        known,
        is_stopped,
        prefix=prefix,
        present=list_staged(folder),
        digest_key=unit.settings.key.make_digest('part', b''),
    )
    with HistoryWorker(folder, run) as work:
        results = [
            work.retry_batch(batch, _ENDED) if unit.is_careful else work(batch)
            for batch in chunk.batches
        ]
    failures = [one for result in results for one in result.failures]
    rest = sum(result.rest for result in results)
    if rest:
        why = f'interrupted: {rest} objects were not looked at'
        failures.append(Failure(folder, 'scan', why))
    return ChunkAnswer(
        chunk.part,
        tuple(one for result in results for one in result.occurrences),
        tuple(failures),
        b''.join(key for result in results for key in result.clean),
        tuple(sorted({HiddenFinding(*one) for result in results for one in result.hidden})),
        sum(result.objects for result in results),
        sum(result.bytes for result in results),
    )


def _join_results(
    opened: Sequence[OpenedPart],
    results: Sequence[ChunkAnswer],
    context: UnitContext,
    report: Report,
) -> None:
    """Make the findings of what the chunks saw, as one scan of all of them would."""
    for number, part in enumerate(opened):
        occurrences: list[Occurrence] = []
        failures: list[Failure] = []
        for result in results:
            if result.part == number:
                occurrences += result.occurrences
                failures += result.failures
                report.hidden.update(result.hidden)
                report.files += result.objects
                report.bytes += result.size
        report.failures += drop_repeated_failures(failures)
        rules, config = context.rules, context.config
        reporter = HistoryReporter(part.repository, part.paths.kinds, rules, config)
        report.findings += reporter.make_findings(merge_occurrences(occurrences))
        report.failures += reporter.failures
        run = HistoryRun(context.request, rules, config, report, lambda: False)
        report.findings += find_values_in_names(part.repository, part.paths, run, report.findings)
    report.sort()


def drop_repeated_failures(failures: Iterable[Failure]) -> list[Failure]:
    """Tell once what all versions of a file have, as one process does, wherever they were cut."""
    found: dict[tuple[str, str], Failure] = {}
    for failure in failures:
        found.setdefault((failure.path, _OBJECT.sub('', failure.error)), failure)
    return list(found.values())


def _make_answer(unit: WorkUnit, context: UnitContext, report: Report) -> UnitAnswer:
    """Apply the baseline, and make what leaves this process: digests instead of values."""
    baseline = find_baseline(context.request, context.config)
    if baseline or report.findings:
        finish_report(baseline, context.request, context.config, report)
    keys = read_keys(context, report) if unit.settings.reads_keys else ()
    found, failures = describe_findings(report, context.config, unit.settings.key)
    return UnitAnswer(
        'done',
        unit.repository,
        found=found,
        failures=failures,
        keys=keys,
        objects=report.files,
        bytes=report.bytes,
        hidden=len(report.hidden),
        skipped=sum(report.skipped.values()),
    )
