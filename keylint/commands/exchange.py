"""`keylint baseline import` and `export`: the baselines of other scanners."""

from __future__ import annotations

import json
import os
import re
import sys
from functools import cached_property

from keylint.baseline.carry import Carried, match_claims
from keylint.baseline.entries import Baseline, Entry
from keylint.baseline.file import write_baseline
from keylint.baseline.peers import Foreign, parse_foreign
from keylint.commands.failures import print_failures
from keylint.core.blob import Blob, Origin, TreePlace
from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.integrations.detect_secrets import KnownSecret, make_document
from keylint.pipeline.blob import scan_blob
from keylint.reporters.outputs import write_file
from keylint.reporters.text import sanitize_text
from keylint.rules.load import Rules, load_rules
from keylint.scanner.baseline_run import BaselineRun
from keylint.scanner.request import ScanRequest
from keylint.sources.git import find_work_tree, try_git

_COMMIT = re.compile(r'[0-9a-f]{7,64}')


class ExportOptions(NamedTuple):
    """Say what an export holds and where it goes; `plugin` is where its reader has our plugin.

    `output` is a file, `-` standard output, empty the usual name beside the baseline.
    """

    with_weak_values: bool
    plugin: str
    output: str


def import_baseline(
    file: str, request: ScanRequest, config: Config, baseline: Baseline, with_history: bool
) -> int:
    """Import what another scanner's file says is known, and print of everything else why not.

    What was decided here stays.
    """
    foreign = _read_foreign(file)
    shown = config._replace(show_secrets=True)
    run = BaselineRun(request, shown, baseline, with_history)
    folder = request.scope.paths[0]
    past = _PastFindings(folder, shown)
    top = os.path.realpath(find_work_tree(folder) or folder)
    own = os.path.relpath(os.path.realpath(file), top).replace(os.sep, '/')
    located = [
        finding._replace(path=run.scope.locate(finding.path)) for finding in run.report.findings
    ]
    # A report may show the values that it found.
    located = [finding for finding in located if finding.path != own]
    results = list(match_claims(foreign.claims, located, past.find))
    imported = _Import(baseline, located)
    for result in results:
        imported.add(result)
    write_baseline(baseline._replace(entries=imported.entries))
    _print_import(foreign, results, baseline.path, imported)
    return print_failures(run.report)


class _Import:
    """The entries of a baseline with what is imported, and how much that was."""

    def __init__(self, baseline: Baseline, located: list[Finding]) -> None:
        self._baseline = baseline
        self._located = located
        self.entries = dict(baseline.entries)
        self.added = 0
        self.judged = 0

    @cached_property
    def _present_ids(self) -> set[str]:
        """Return the ids of the findings in the tree: slow to make, and rarely needed."""
        return {self._baseline.id_of(finding, finding.path) for finding in self._located}

    def add(self, result: Carried) -> None:
        """Add the findings of a claim, and its verdict where nobody has decided yet."""
        for finding in result.findings:
            name = self._baseline.id_of(finding, finding.path)
            entry = self.entries.get(name)
            if entry is None:
                is_past = bool(result.claim.commit) and name not in self._present_ids
                local = self._baseline.local_of(finding)
                entry = Entry(name, finding.rule, finding.path, local, history=is_past)
                self.added += 1
            claim = result.claim
            is_undecided = entry.verdict == 'unreviewed'
            if is_undecided and (not entry.reason or claim.verdict != 'unreviewed'):
                self.judged += claim.verdict != 'unreviewed'
                entry = entry._replace(verdict=claim.verdict, reason=claim.reason)
            self.entries[name] = entry


def _read_foreign(name: str) -> Foreign:
    try:
        with open(name, 'rb') as file:
            return parse_foreign(name, file.read())
    except OSError as error:
        raise SourceError(f'{name}: cannot read it: {error.strerror}') from None


class _PastFindings:
    """Find what old versions held, by commit and path."""

    def __init__(self, folder: str, config: Config) -> None:
        self._top = find_work_tree(folder) or ''
        self._rules: Rules = load_rules(config.rules)
        self._config = config
        self._found: dict[tuple[str, str], list[Finding] | None] = {}

    def find(self, commit: str, path: str) -> list[Finding] | None:
        """Return what a path held in a commit; None if the commit or the path does not exist."""
        if (commit, path) not in self._found:
            self._found[commit, path] = self._scan_version(commit, path)
        return self._found[commit, path]

    def _scan_version(self, commit: str, path: str) -> list[Finding] | None:
        if not self._top or not _COMMIT.fullmatch(commit):
            return None
        answer = try_git(self._top, 'cat-file', 'blob', f'{commit}:{path}')
        if not answer.is_whole:
            return None
        blob = Blob(answer.output, Origin(path, commit, TreePlace(path, self._top)))
        return list(scan_blob(blob, self._rules, self._config).findings)


def _print_import(foreign: Foreign, results: list[Carried], path: str, imported: _Import) -> None:
    """Print what was imported, and each thing that was not."""
    carried = [result for result in results if result.findings]
    by_line = sum(result.is_by_line for result in carried)
    alone = f', {by_line} of them by their lines alone' if by_line else ''
    print(f'{foreign.kind}: {len(carried)} of {len(results)} carried over{alone}')
    for result in results:
        if not result.findings:
            print(f'not carried over: {sanitize_text(result.claim.name)}: {result.why_not}')
    for lost in foreign.lost:
        print(f'not carried over: {sanitize_text(lost)}')
    print(
        f'{os.path.relpath(path)}: {imported.added} entries added, '
        f'{imported.judged} with a verdict; decide on the others with `keylint baseline audit`'
    )


def export_baseline(
    options: ExportOptions,
    request: ScanRequest,
    config: Config,
    baseline: Baseline,
    with_history: bool,
) -> int:
    """Write a `.secrets.baseline`.

    It names values by their bare SHA-1: weak values are left out unless they are asked for.
    """
    shown = config._replace(show_secrets=True)
    run = BaselineRun(request, shown, baseline, with_history)
    known, weak = [], 0
    for number, finding in enumerate(run.found.findings):
        entry = baseline.entries.get(run.found.ids[number])
        if finding.state != 'known' or entry is None or not finding.parts:
            continue
        if finding.local and not options.with_weak_values:
            weak += 1
            continue
        known.append(KnownSecret(finding, run.scope.locate(finding.path), entry.verdict))
    folder = request.scope.paths[0]
    text = (
        json.dumps(make_document(known, find_work_tree(folder) or folder, options.plugin), indent=2)
        + '\n'
    )
    _write_export(text, len(known), options, baseline)
    if weak:
        print(
            f'keylint: {weak} weak value{"s" * (weak != 1)} left out: detect-secrets keeps a bare '
            'SHA-1, from which anybody could guess them; --all writes them too',
            file=sys.stderr,
        )
    return print_failures(run.report)


def _write_export(text: str, count: int, options: ExportOptions, baseline: Baseline) -> None:
    if options.output == '-':
        sys.stdout.write(text)
        return
    name = options.output or os.path.join(os.path.dirname(baseline.path), '.secrets.baseline')
    if not options.output and os.path.islink(name):
        raise SourceError(f'{name}: a link; name the file that it leads to with --output')
    write_file(name, text)
    print(f'{os.path.relpath(name)}: {count} findings')
