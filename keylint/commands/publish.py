"""`keylint publish`: can a repository be published, and if not, what to do in which order."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from io import StringIO

from keylint.commands.parsers.shared import read_overrides
from keylint.core.errors import ConfigError, SourceError
from keylint.core.report import Report
from keylint.core.value_traces import trace_value
from keylint.publish import plan
from keylint.publish.answer_request import answer_request
from keylint.publish.assess_repository import PublishRequest, RepositoryFolders
from keylint.publish.files import PlanPlace, prepare_output_dir, read_plan, write_plan
from keylint.publish.purge import Purge
from keylint.publish.replacements import list_replaced_values
from keylint.publish.verify import find_leftovers
from keylint.reporters import publish as reporter
from keylint.reporters.outputs import wants_colour, write_file
from keylint.scanner.history import StopFlag
from keylint.scanner.request import ScanRequest, ScanScope
from keylint.sources import git
from keylint.sources.objects import find_git_folder

_CODES = {'publishable': 0, 'not publishable': 1, 'incomplete': 2}


def run(arguments: Namespace) -> int:
    """Print the answer and return the exit code.

    0: publishable, 1: not, 2: something could not be looked at. With `--verify` 0: nothing is left,
    1: something is.
    """
    request = read_request(arguments)
    if len(request.scan.scope.paths) > 1:
        raise SourceError('one repository at a time')
    folder = find_git_folder(request.where)
    place = RepositoryFolders(folder, git.find_top(request.where))
    if request.is_verification:
        return _verify(request, place)
    target = prepare_output_dir(folder, request.plan, place.top) if request.plan else ''
    answer, wanted = answer_request(request, place, StopFlag())
    if wanted is not None:
        _write_plan(request, target, place, answer, wanted)
    _write_answer(request, answer)
    return _CODES[answer.verdict]


def read_request(arguments: Namespace) -> PublishRequest:
    """Make the request of a command line."""
    scan = ScanRequest(
        ScanScope('history', tuple(arguments.paths)),
        read_overrides(arguments),
        uses_cache=not arguments.no_cache,
        shows_progress=not arguments.no_progress,
    )
    return PublishRequest(
        scan,
        arguments.plan or '',
        arguments.verify,
        arguments.identity,
        arguments.keep_harmless,
        arguments.format,
        arguments.output or '',
    )


def _write_plan(
    request: PublishRequest,
    target: str,
    place: RepositoryFolders,
    answer: plan.PublishReport,
    wanted: Purge,
) -> None:
    source = os.path.realpath(place.top or place.folder)
    checklist = StringIO()
    reporter.write_answer(answer, 'markdown', checklist, False)
    plan_place = PlanPlace(source, place.top, checklist.getvalue())
    for name in write_plan(target, wanted, answer, plan_place):
        note = ' (contains the values: keep it private)' if name == plan.SECRETS else ''
        print(f'keylint: wrote {os.path.join(request.plan, name)}{note}', file=sys.stderr)


def _write_answer(request: PublishRequest, answer: plan.PublishReport) -> None:
    if not request.output or request.output == '-':
        reporter.write_answer(answer, request.format, sys.stdout, wants_colour(sys.stdout))
        return
    text = StringIO(newline='')
    reporter.write_answer(answer, request.format, text, False)
    write_file(request.output, text.getvalue())


def _verify(request: PublishRequest, place: RepositoryFolders) -> int:
    if not request.plan:
        raise ConfigError('--verify needs the plan that was carried out: --plan DIR')
    if request.format not in ('text', 'json'):
        raise ConfigError('--verify: allowed formats are text, json')
    report = Report('object')
    started = time.perf_counter()
    found = find_leftovers(place.folder, place.top, request.plan, report)
    report.seconds = time.perf_counter() - started
    planned = read_plan(request.plan)
    values = list_replaced_values(planned.literals, planned.expressions)
    traces = [trace for trace in map(trace_value, values) if trace is not None]
    reporter.write_verification(found, report, request.format, sys.stdout, traces)
    return 2 if report.failures else int(bool(found))
