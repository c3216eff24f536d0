"""Scan the objects of a history in worker processes: read, count, fail.

No value leaves a worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple, Self

from keylint.archives import identify_container
from keylint.core.config import Config
from keylint.core.errors import describe_crash
from keylint.core.model import Finding
from keylint.core.report import BlobResult, Failure, HiddenFinding
from keylint.core.worker_processes import retry_apart
from keylint.history.batches import Batch, BatchResult
from keylint.history.incremental import FoundPairs, IncrementalScan, Span
from keylint.history.occurrences import Occurrence, make_occurrence
from keylint.matcher.hyperscan import TOO_MANY_MATCHES
from keylint.matcher.incremental import VersionMatcher, VersionMatches
from keylint.matcher.match import LEAK_KINDS, TOKEN_KINDS, Match, select_matches
from keylint.matcher.prefilter import filter_matches
from keylint.pipeline.clean_cache import CleanCache
from keylint.pipeline.examine import may_hold_secret
from keylint.pipeline.members import scan_members
from keylint.pipeline.scan import OBJECT, match_text, scan
from keylint.readers.decode import to_text
from keylint.readers.document import Document
from keylint.rules.load import Rules
from keylint.sources import max_file_bytes
from keylint.sources.lfs import POINTER_HEADS, follow_pointer
from keylint.sources.objects import ObjectReader


class ObjectScan(NamedTuple):
    """What a scan of objects brings along: rules, configuration, cache, and callbacks.

    `is_stopped` ends the scan early, `count_findings` is given the number of findings not seen
    before, `show_progress` the number of batches begun. With `is_incremental` false every version
    is scanned as if it were the first.
    """

    rules: Rules
    config: Config
    known: CleanCache
    is_stopped: Callable[[], bool] = lambda: False
    count_findings: Callable[[int], None] = lambda count: None
    show_progress: Callable[[int], None] = lambda count: None
    is_incremental: bool = True


class HistoryWorker:
    """Scans batches. Made before the workers fork: each starts git for itself."""

    def __init__(self, folder: str, run: ObjectScan) -> None:
        self._reader = ObjectReader(folder)
        self._known = run.known
        self._is_stopped = run.is_stopped
        self._count_findings = run.count_findings
        self._reported: set[str] = set()
        self._scanner = ObjectScanner(run.rules, run.config, run.is_incremental, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._reader.close()

    def __call__(self, batch: Batch) -> BatchResult:
        """Scan the objects of a batch until the run is stopped."""
        scanner = self._scanner
        occurrences: list[Occurrence] = []
        failures: list[Failure] = []
        clean: list[bytes] = []
        count = size = 0
        for name, path, data in self._read_objects(batch):
            if data is None:
                failures.append(Failure(path, 'read', f'object {name[:12]} cannot be read'))
                continue
            count += 1
            size += len(data)
            before = len(occurrences)
            try:
                # One by one: what the text holds counts also where its members cannot be read.
                for occurrence in scanner.scan_object(name, path, data):
                    occurrences.append(occurrence)  # noqa: PERF402
                if len(occurrences) == before and not scanner.is_noted:
                    clean.append(self._known.name(path, name.encode()))
            except Exception as error:  # noqa: BLE001 - becomes a failure: the run goes on
                why = f'object {name[:12]}: {describe_crash(error)}'
                failures.append(Failure(path, 'scan', why))
            if self._is_stopped():
                break
        failures += scanner.take_failures()
        self._count_new(occurrences)
        rest = len(batch.objects) - count - sum(failure.stage == 'read' for failure in failures)
        if rest:
            self._reader.close()  # what git still has to say belongs to the objects that are left
        hidden = scanner.take_hidden()
        return BatchResult(
            tuple(occurrences), tuple(failures), tuple(clean), count, size, rest, hidden
        )

    def retry_batch(self, batch: Batch, why: str) -> BatchResult:
        """Scan the objects of a batch that ended its process one by one, each where it may.

        The object that does it again is a failure.
        """
        if len(batch.objects) == 1:
            [(name, path)] = batch.objects
            failure = Failure(path, 'scan', f'object {name[:12]}: {why}')
            return BatchResult((), (failure,), (), 1, batch.bytes, 0)
        single = [Batch((item,), 0) for item in batch.objects]
        results = list(retry_apart(self, self.retry_batch, single, self._is_stopped))
        return BatchResult(
            tuple(one for result in results for one in result.occurrences),
            tuple(one for result in results for one in result.failures),
            tuple(one for result in results for one in result.clean),
            sum(result.objects for result in results),
            sum(result.bytes for result in results),
            len(single) - sum(result.objects for result in results),
            tuple(one for result in results for one in result.hidden),
        )

    def _read_objects(self, batch: Batch) -> Iterator[tuple[str, str, bytes | None]]:
        """Give id, path and content of the objects of a batch."""
        contents = self._reader.read([name for name, _ in batch.objects])
        for (name, path), (_, data) in zip(batch.objects, contents, strict=False):
            yield name, path, data

    def _count_new(self, occurrences: list[Occurrence]) -> None:
        """Count the findings that this worker has not seen before."""
        new = {occurrence.fingerprint for occurrence in occurrences} - self._reported
        self._reported |= new
        self._count_findings(len(new))


class ObjectScanner:
    """Scans single objects and keeps what could not be scanned of them.

    `is_noted` says that something of the last object could not be scanned or is hidden by the
    configuration, perhaps not for the first time: the versions of a file say it once.
    """

    def __init__(
        self, rules: Rules, config: Config, is_incremental: bool, folder: str | None = None
    ) -> None:
        self._rules = rules
        self._folder = folder  # of git, which holds the contents of Git LFS
        # Digests need the values; no finding leaves the worker.
        self._config = config._replace(show_secrets=True)
        self._lenient = config._replace(
            show_secrets=True,
            severity='info',
            confidence='low',
            select=(),
            ignore=(),
            per_path_ignores=(),
        )
        self._key = os.urandom(16)
        self._versions = VersionMatcher(self._find_matches, self._list_mentions)
        self._incremental = IncrementalScan(self) if is_incremental else None
        self._object = ''
        self._is_flooded = False
        self._reported: set[tuple[str, str]] = set()
        self._failures: list[Failure] = []
        self._hidden: set[HiddenFinding] = set()
        self.is_noted = False

    def scan_object(self, name: str, path: str, raw: bytes) -> Iterator[Occurrence]:
        """Give the findings of the object `name`, then those of its members."""
        self.is_noted = False
        self._object = name
        if raw.startswith(POINTER_HEADS):
            content = follow_pointer(raw, self._folder, path, max_file_bytes(self._config))
            if isinstance(content, Failure):
                self._fail(content)
                return
            raw = content
        data, is_text = to_text(raw)
        if self._incremental is None:
            found = VersionMatches(self._find_matches(data), False)
        else:
            found = self._versions.match_version(path, data)
        if self._is_flooded:
            self._fail(Failure(path, 'scan', TOO_MANY_MATCHES))
            self._is_flooded = False
        matches = found.matches if is_text else select_matches(found.matches, TOKEN_KINDS)
        document = Document(path, data, matches, is_text=is_text)
        if self._incremental is None:
            yield from [one for one, _ in self.scan(document)]
        else:
            yield from self._incremental.find(name, document, found.is_same)
        if identify_container(path, raw):
            yield from self._scan_members(path, raw)

    def take_failures(self) -> list[Failure]:
        """Hand over what could not be scanned since the last call."""
        failures, self._failures = self._failures, []
        return failures

    def take_hidden(self) -> tuple[HiddenFinding, ...]:
        """Hand over what the configuration hid since the last call."""
        hidden, self._hidden = sorted(self._hidden), set()
        return tuple(hidden)

    def _hide(self, result: BlobResult) -> None:
        self._hidden.update(result.hidden)
        self.is_noted = self.is_noted or bool(result.hidden)

    def scan(self, document: Document) -> FoundPairs:
        """List the findings of a document, each with its occurrence."""
        result = scan(document, self._rules, self._config, OBJECT)
        self._hide(result)
        for failure in result.failures:
            self._fail(failure._replace(path=document.path))
        return [(self._make_occurrence(f, document.path), f) for f in result.findings]

    def may_hold_secret(self, document: Document) -> bool:
        """Return False where a document has no candidate at all."""
        return may_hold_secret(document, self._rules.pack)

    def cut(self, document: Document, span: Span) -> Document:
        """Make a document of a part of another one."""
        piece = document.data[span[0] : span[1]]
        found = self._rules.matcher.find_leak_matches(piece)
        return Document(document.path, piece, filter_matches(piece, found))

    def has_finding(self, document: Document) -> bool:
        """Return True if a document has any finding, whatever the thresholds."""
        return bool(scan(document, self._rules, self._lenient, OBJECT).findings)

    def list_context(self, document: Document) -> object:
        """List what findings depend on besides the lines around them."""
        path = document.path
        file = path if self._config.per_path_ignores else document.format.ending
        issuers = sorted(self._rules.pack.issuers_in_path(path))
        return file, issuers, sorted(self._list_mentions(document.data))

    def _find_matches(self, data: bytes) -> list[Match]:
        """List the matches about secrets: permissions that a key once had are not judged."""
        found, is_flooded = match_text(data, self._rules)
        self._is_flooded |= is_flooded
        return select_matches(found, LEAK_KINDS)

    def _list_mentions(self, data: bytes) -> frozenset[int]:
        return frozenset(number for number, _ in self._rules.pack.words.scan(data))

    def _scan_members(self, path: str, data: bytes) -> list[Occurrence]:
        result = scan_object_members(path, data, self._rules, self._config)
        self._hide(result)
        for failure in result.failures:
            self.is_noted = True
            why = f'object {self._object[:12]}: {failure.error}'
            self._failures.append(failure._replace(error=why))
        return [self._make_occurrence(f, path) for f in result.findings if f.parts]

    def _fail(self, failure: Failure) -> None:
        """Keep a failure for the report of the batch, once for all versions of a file."""
        self.is_noted = True
        if (failure.path, failure.error) not in self._reported:
            self._reported.add((failure.path, failure.error))
            why = f'object {self._object[:12]}: {failure.error}'
            self._failures.append(failure._replace(error=why))

    def _make_occurrence(self, finding: Finding, path: str) -> Occurrence:
        return make_occurrence(finding, self._object, path, self._key)


def scan_object_members(path: str, data: bytes, rules: Rules, config: Config) -> BlobResult:
    """Find the leaks in the members of a container."""
    return scan_members(path, data, rules, config, OBJECT)
