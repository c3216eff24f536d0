"""`keylint baseline import` and `export`: the baselines of other scanners."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace

from keylint.baseline import file as book
from keylint.baseline.carry import Carried, carry
from keylint.baseline.file import Baseline, Entry
from keylint.baseline.peers import Foreign, parse
from keylint.commands.baseline import Run
from keylint.core.config import Config
from keylint.core.errors import SourceError
from keylint.core.model import Blob, Finding, Origin
from keylint.pipeline.blob import scan_blob
from keylint.reporters.outputs import write_file
from keylint.reporters.text import clean
from keylint.rules.load import Rules, load_rules
from keylint.sources.git import ask, top_of

_COMMIT = re.compile(r'[0-9a-f]{7,64}')


def take(arguments: Namespace, config: Config, baseline: Baseline) -> int:
    """Carry over what another scanner's file says is known; say of everything else why not. What was decided here stays."""
    foreign = _read(arguments.file)
    shown = config._replace(show_secrets=True)
    run = Run(arguments, shown, baseline)
    past = _Past(arguments.paths[0], shown)
    own = os.path.relpath(
        os.path.realpath(arguments.file),
        os.path.realpath(top_of(arguments.paths[0]) or arguments.paths[0]),
    ).replace(os.sep, '/')
    located = [
        finding._replace(path=run.scope.locate(finding.path)) for finding in run.report.findings
    ]
    located = [
        finding for finding in located if finding.path != own
    ]  # a report may show the values that it found
    results = list(carry(foreign.claims, located, past.findings))
    entries, added, judged = dict(baseline.entries), 0, 0
    for result in results:
        for finding in result.findings:
            name = baseline.id_of(finding, finding.path)
            old = entries.get(name)
            is_past = bool(result.claim.commit) and all(
                baseline.id_of(other, other.path) != name for other in located
            )
            if old is None:
                old = Entry(
                    name, finding.rule, finding.path, baseline.local_of(finding), history=is_past
                )
                added += 1
            if old.verdict == 'unreviewed' and (
                not old.reason or result.claim.verdict != 'unreviewed'
            ):
                judged += result.claim.verdict != 'unreviewed'
                old = old._replace(verdict=result.claim.verdict, reason=result.claim.reason)
            entries[name] = old
    book.write(baseline._replace(entries=entries))
    _tell(foreign, results, baseline.path, added, judged)
    return run.code()


def _read(name: str) -> Foreign:
    try:
        with open(name, 'rb') as file:
            return parse(name, file.read())
    except OSError as error:
        raise SourceError(f'{name}: cannot read it: {error.strerror}') from None


class _Past:
    """Findings of old versions, by commit and path."""

    def __init__(self, folder: str, config: Config) -> None:
        self._top = top_of(folder) or ''
        self._rules: Rules = load_rules(config.rules)
        self._config = config
        self._found: dict[tuple[str, str], list[Finding] | None] = {}

    def findings(self, commit: str, path: str) -> list[Finding] | None:
        """What a path held in a commit; None where the commit or the path is not there."""
        if (commit, path) not in self._found:
            self._found[commit, path] = self._read(commit, path)
        return self._found[commit, path]

    def _read(self, commit: str, path: str) -> list[Finding] | None:
        if not self._top or not _COMMIT.fullmatch(commit):
            return None
        answer = ask(self._top, 'cat-file', 'blob', f'{commit}:{path}')
        if not answer.is_whole:
            return None
        return list(
            scan_blob(Blob(answer.output, Origin(path, commit)), self._rules, self._config).findings
        )


def _tell(foreign: Foreign, results: list[Carried], path: str, added: int, judged: int) -> None:
    """What came over, and each thing that did not."""
    carried = [result for result in results if result.findings]
    by_line = sum(result.is_by_line for result in carried)
    print(
        f'{foreign.kind}: {len(carried)} of {len(results)} carried over{f", {by_line} of them by their lines alone" if by_line else ""}'
    )
    for result in results:
        if not result.findings:
            print(f'not carried over: {clean(result.claim.name)}: {result.why_not}')
    for lost in foreign.lost:
        print(f'not carried over: {clean(lost)}')
    print(
        f'{os.path.relpath(path)}: {added} entries added, {judged} with a verdict; decide on the others with `keylint baseline audit`'
    )


def give(arguments: Namespace, config: Config, baseline: Baseline) -> int:
    """Write a `.secrets.baseline`. It names values by their bare SHA-1: weak values are left out unless they are asked for."""
    from keylint.integrations.detect_secrets import Known, document  # noqa: PLC0415 - imports detect-secrets

    run = Run(arguments, config._replace(show_secrets=True), baseline)
    known, weak = [], 0
    for number, finding in enumerate(run.found.findings):
        entry = baseline.entries.get(run.found.ids[number])
        if finding.state != 'known' or entry is None or not finding.parts:
            continue
        if finding.local and not arguments.all:
            weak += 1
            continue
        known.append(Known(finding, run.scope.locate(finding.path), entry.verdict))
    root = top_of(arguments.paths[0]) or arguments.paths[0]
    text = json.dumps(document(known, root, arguments.plugin or ''), indent=2) + '\n'
    if arguments.output == '-':
        sys.stdout.write(text)
    else:
        name = arguments.output or os.path.join(os.path.dirname(baseline.path), '.secrets.baseline')
        if not arguments.output and os.path.islink(name):
            raise SourceError(f'{name}: a link; name the file that it leads to with --output')
        write_file(name, text)
        print(f'{os.path.relpath(name)}: {len(known)} findings')
    if weak:
        print(
            f'keylint: {weak} weak value{"s" * (weak != 1)} left out: detect-secrets keeps a bare SHA-1, from which anybody could guess them; '
            '--all writes them too',
            file=sys.stderr,
        )
    return run.code()
