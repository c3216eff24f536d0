"""Scan the objects of a history in worker processes: read, count, fail.

No value leaves a worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator
from typing import Self

from keylint.archives import identify_container
from keylint.core.blob import Origin, TreePlace
from keylint.core.config import Config
from keylint.core.errors import describe_crash
from keylint.core.model import Finding
from keylint.core.packages import is_dependency
from keylint.core.records import NamedTuple
from keylint.core.report import BlobResult, Failure, HiddenFinding
from keylint.history.batches import Batch, BatchResult, name_clean_object
from keylint.history.occurrences import (
    Occurrence,
    VersionFindings,
    drop_values,
    index_findings,
    make_occurrence,
)
from keylint.matcher.hyperscan import MAX_MATCHES, TOO_MANY_MATCHES
from keylint.matcher.incremental import VersionMatcher
from keylint.matcher.match import LEAK_KINDS, TOKEN_KINDS, Match, select_matches
from keylint.matcher.prefilter import filter_by_context, filter_by_words
from keylint.pipeline.clean_cache import CleanCache
from keylint.pipeline.members import scan_members
from keylint.pipeline.scan import OBJECT, match_text, scan
from keylint.readers.decode import to_text
from keylint.readers.document import Document
from keylint.rules.load import Rules
from keylint.sources import max_file_bytes
from keylint.sources.lfs import POINTER_HEADS, follow_pointer
from keylint.sources.objects import ObjectReader
from keylint.workers.retry import retry_apart

# How many findings a worker hands over as reports show them: those of the newest objects, which
# come first in most packs. Other objects are scanned again if a report shows them.
_MAX_SHOWN = 4096


def never_stop() -> bool:
    """Return False: a worker that is terminated to stop it needs no signal of its own."""
    return False


def ignore_count(count: int) -> None:
    """Count nothing: this worker shares no memory with its parent."""


class ObjectScan(NamedTuple):
    """The inputs of a scan of objects: rules, configuration, cache, and callbacks.

    `is_stopped` ends the scan early, `count_findings` receives the number of findings not seen
    before, `show_progress` the number of batches begun. If `is_incremental` is false, every version
    is scanned as if it were the first. `prefix` precedes the paths of a submodule. Objects that are
    `present` in the index are read in full, even without `Config.reads_dependencies`.
    `digest_key` makes digests of occurrences equal in processes that were not forked from the same
    parent; without it, digests are only comparable within this run.
    """

    rules: Rules
    config: Config
    known: CleanCache
    is_stopped: Callable[[], bool] = never_stop
    count_findings: Callable[[int], None] = ignore_count
    show_progress: Callable[[int], None] = ignore_count
    is_incremental: bool = True
    prefix: str = ''
    present: Container[str] = ()
    digest_key: bytes = b''


class HistoryWorker:
    """Scans batches. Made before the workers fork: each starts git for itself."""

    def __init__(self, folder: str, run: ObjectScan) -> None:
        self._folder, self._run = folder, run
        self._reader = ObjectReader(folder)
        self._known = run.known
        self._is_stopped = run.is_stopped
        self._count_findings = run.count_findings
        self._reported: set[str] = set()
        self._scanner = ObjectScanner(run, folder)

    def __reduce__(self) -> tuple[type[HistoryWorker], tuple[str, ObjectScan]]:
        """Pickle as a call that makes a worker in another process, with the same digest key."""
        run = self._run._replace(
            is_stopped=never_stop,
            count_findings=ignore_count,
            show_progress=ignore_count,
            digest_key=self._scanner.digest_key,
        )
        return HistoryWorker, (self._folder, run)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._reader.close()

    def __call__(self, batch: Batch) -> BatchResult:
        """Scan the objects of a batch until the run is stopped."""
        occurrences: list[Occurrence] = []
        failures: list[Failure] = []
        clean: list[bytes] = []
        count = size = 0
        for name, paths, data in self._read_objects(batch):
            if data is None:
                failures.append(Failure(paths[0], 'read', f'object {name[:12]} cannot be read'))
                continue
            count += 1
            size += len(data)
            before = len(occurrences)
            is_done = [self._scan_path(name, path, data, occurrences, failures) for path in paths]
            if len(occurrences) == before and all(is_done):
                is_whole = self._scanner.reads_whole(name)
                clean.append(name_clean_object(self._known, name, paths, is_whole))
            if self._is_stopped():
                break
        failures += self._scanner.take_failures()
        self._count_new(occurrences)
        rest = len(batch.objects) - count - sum(failure.stage == 'read' for failure in failures)
        if rest:
            self._reader.close()  # its output still holds the unscanned objects
        hidden, shown = self._scanner.take_hidden(), self._scanner.take_shown()
        return BatchResult(
            tuple(occurrences), tuple(failures), tuple(clean), count, size, rest, hidden, shown
        )

    def _scan_path(
        self,
        name: str,
        path: str,
        data: bytes,
        occurrences: list[Occurrence],
        failures: list[Failure],
    ) -> bool:
        """Scan an object under one of its paths. Return False if something was not scanned."""
        try:
            # One by one: findings of the text count even if its members cannot be read.
            for occurrence in self._scanner.scan_object(name, path, data):
                occurrences.append(occurrence)  # noqa: PERF402
        except Exception as error:  # noqa: BLE001 - becomes a failure: the run goes on
            why = f'object {name[:12]}: {describe_crash(error)}'
            failures.append(Failure(path, 'scan', why))
            return False
        return not self._scanner.is_noted

    def retry_batch(self, batch: Batch, why: str) -> BatchResult:
        """Scan the objects of a batch that ended its process one by one, in separate processes.

        An object that ends its process again becomes a failure.
        """
        if len(batch.objects) == 1:
            [(name, paths)] = batch.objects
            failure = Failure(paths[0], 'scan', f'object {name[:12]}: {why}')
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
            tuple(one for result in results for one in result.shown),
        )

    def _read_objects(self, batch: Batch) -> Iterator[tuple[str, tuple[str, ...], bytes | None]]:
        """Yield id, paths and content of the objects of a batch."""
        contents = self._reader.read([name for name, _ in batch.objects])
        for (name, paths), (_, data) in zip(batch.objects, contents, strict=False):
            yield name, paths, data

    def _count_new(self, occurrences: list[Occurrence]) -> None:
        """Count the findings that this worker has not seen before."""
        new = {occurrence.fingerprint for occurrence in occurrences} - self._reported
        self._reported |= new
        self._count_findings(len(new))


class ObjectScanner:
    """Scans single objects and records what could not be scanned.

    `is_noted` means that part of the last object could not be scanned or is hidden by the
    configuration, even if an earlier version of the file already reported it.
    """

    def __init__(self, run: ObjectScan, folder: str | None = None) -> None:
        config = run.config
        self._rules = run.rules
        self._prefix = run.prefix
        self._present = run.present
        self._folder = folder  # git's folder, which has the contents of Git LFS
        # Digests need the values, which do not leave the worker.
        self._config = config._replace(show_secrets=True)
        self._most_shown = 0 if config.show_secrets else _MAX_SHOWN
        self.digest_key = run.digest_key or os.urandom(16)
        self._versions = (
            VersionMatcher(self._rules.matcher.find_matches, _select_leaks)
            if run.is_incremental
            else None
        )
        self._object = ''
        self._reported: set[tuple[str, str]] = set()
        self._failures: list[Failure] = []
        self._hidden: set[HiddenFinding] = set()
        self._shown: list[VersionFindings] = []
        self.is_noted = False

    def scan_object(self, name: str, path: str, raw: bytes) -> Iterator[Occurrence]:
        """Yield the findings of the object `name`, then those of its members."""
        self.is_noted = False
        self._object = name
        if raw.startswith(POINTER_HEADS):
            content = follow_pointer(raw, self._folder, path, max_file_bytes(self._config))
            if isinstance(content, Failure):
                self._fail(content)
                return
            raw = content
        data, is_text = to_text(raw)
        matches = self._match(path, data)
        if not is_text:
            matches = select_matches(matches, TOKEN_KINDS)
        origin = make_origin(path, self._prefix, self._config)
        document = Document(path, data, matches, is_text=is_text, place=origin.place)
        text: list[Finding] = []
        members: list[Finding] = []
        if self.reads_whole(name) or may_hold_tokens(document, self._config):
            text = self._scan_document(document)
            yield from (self._make_occurrence(finding, path) for finding in text)
        if identify_container(path, raw):
            members = self._scan_members(origin, raw)
            yield from (self._make_occurrence(finding, path) for finding in members)
        self._show(name, path, index_findings(text, members))

    def reads_whole(self, name: str) -> bool:
        """Return True if everything in an object counts, whatever its path."""
        return self._config.reads_dependencies or name in self._present

    def take_failures(self) -> list[Failure]:
        """Return what could not be scanned since the last call."""
        failures, self._failures = self._failures, []
        return failures

    def take_hidden(self) -> tuple[HiddenFinding, ...]:
        """Return what the configuration hid since the last call."""
        hidden, self._hidden = sorted(self._hidden), set()
        return tuple(hidden)

    def take_shown(self) -> tuple[VersionFindings, ...]:
        """Return what objects scanned since the last call show, if it is not too much."""
        shown, self._shown = self._shown, []
        return tuple(shown)

    def _show(self, name: str, path: str, found: dict[str, Finding]) -> None:
        """Keep the findings of an object for reports, as long as these are few."""
        if found and self._most_shown >= len(found):
            self._most_shown -= len(found)
            kept = {fingerprint: drop_values(finding) for fingerprint, finding in found.items()}
            self._shown.append(VersionFindings(name, path, kept))

    def _hide(self, result: BlobResult) -> None:
        self._hidden.update(result.hidden)
        self.is_noted = self.is_noted or bool(result.hidden)

    def _match(self, path: str, data: bytes) -> list[Match]:
        """List the matches of a version; those that it shares with the one before are not new."""
        if self._versions is not None:
            found = self._versions.match_version(path, data)
            if len(found) < MAX_MATCHES:
                return filter_by_context(data, list(found))
        matches, is_flooded = match_text(data, self._rules)
        if is_flooded:
            self._fail(Failure(path, 'scan', TOO_MANY_MATCHES))
        return select_matches(matches, LEAK_KINDS)  # permissions that a key once had are not judged

    def _scan_document(self, document: Document) -> list[Finding]:
        """List the findings of a document.

        Each version is read as a whole: evidence about a value may be anywhere in it.
        """
        result = scan(document, self._rules, self._config, OBJECT)
        self._hide(result)
        for failure in result.failures:
            self._fail(failure._replace(path=document.path))
        return list(result.findings)

    def _scan_members(self, origin: Origin, data: bytes) -> list[Finding]:
        result = scan_object_members(origin, data, self._rules, self._config)
        self._hide(result)
        for failure in result.failures:
            self.is_noted = True
            why = f'object {self._object[:12]}: {failure.error}'
            self._failures.append(failure._replace(error=why))
        return [finding for finding in result.findings if finding.parts]

    def _fail(self, failure: Failure) -> None:
        """Keep a failure for the report of the batch, once for all versions of a file."""
        self.is_noted = True
        if (failure.path, failure.error) not in self._reported:
            self._reported.add((failure.path, failure.error))
            why = f'object {self._object[:12]}: {failure.error}'
            self._failures.append(failure._replace(error=why))

    def _make_occurrence(self, finding: Finding, path: str) -> Occurrence:
        return make_occurrence(finding, self._object, path, self.digest_key)


def may_hold_tokens(document: Document, config: Config) -> bool:
    """Return True if a document is read: in a past dependency only token matches count."""
    if config.reads_dependencies or not is_dependency(document.path):
        return True
    document.matches = select_matches(document.matches, TOKEN_KINDS)
    return bool(document.matches)


def _select_leaks(data: bytes, matches: list[Match]) -> list[Match]:
    return filter_by_words(data, select_matches(matches, LEAK_KINDS))


def scan_object_members(origin: Origin, data: bytes, rules: Rules, config: Config) -> BlobResult:
    """Find the leaks in the members of a container."""
    return scan_members(origin, data, rules, config, OBJECT)


def make_origin(path: str, prefix: str, config: Config) -> Origin:
    """Return where an object of a history is located: a submodule is a tree of its own.

    `config.base` is the top of the repository.
    """
    root = os.path.join(config.base, prefix.rstrip('/')) if prefix else config.base
    return Origin(path, place=TreePlace(path.removeprefix(prefix), root))
