"""Work units of a history: objects that one worker reads together, and what it returns."""

from __future__ import annotations

from collections.abc import Container, Iterable

from keylint.core.config import Config
from keylint.core.packages import is_dependency
from keylint.core.records import NamedTuple
from keylint.core.report import BlobResult, Failure, HiddenFinding, Report
from keylint.history.object_paths import ObjectPaths
from keylint.history.occurrences import Occurrence, VersionFindings
from keylint.pipeline.clean_cache import CleanCache
from keylint.sources import max_file_bytes
from keylint.sources.objects import Object

# How the summary describes objects that are parts of dependencies.
TOKENS_ONLY = 'read for tokens that name themselves only (past dependencies)'
# A work unit has at most this many bytes or objects; smaller if there would be too few units to
# balance the workers. The versions of a file are adjacent in a pack: a worker that has them all
# compares each with the previous one.
_MAX_BYTES = 512 << 20
_MAX_OBJECTS = 4000
_MIN_BATCHES = 24
_MIN_BYTES = 1 << 19


class Batch(NamedTuple):
    """Objects that one worker reads together: ids with the paths they are scanned under."""

    objects: tuple[tuple[str, tuple[str, ...]], ...]
    bytes: int


class BatchResult(NamedTuple):
    """What a worker returns for a batch.

    `rest` counts objects that were not scanned because the run was stopped; `clean` holds the cache
    keys of those without a finding (`pipeline.clean_cache`), `hidden` what the configuration hides,
    `shown` findings as reports show them, of some objects at least.
    """

    occurrences: tuple[Occurrence, ...]
    failures: tuple[Failure, ...]
    clean: tuple[bytes, ...]
    objects: int
    bytes: int
    rest: int
    hidden: tuple[HiddenFinding, ...] = ()
    shown: tuple[VersionFindings, ...] = ()


def make_batches(
    objects: Iterable[Object],
    paths: ObjectPaths,
    config: Config,
    report: Report,
    known: CleanCache,
    present: Container[str] = (),
) -> list[Batch]:
    """Put objects into batches: blobs in the order of the pack, then commits and tags.

    git unpacks objects fastest in pack order.
    Objects that are known to be clean are only counted. Objects that are `present` in the index are
    read in full.
    """
    rows = []
    most = max_file_bytes(config)
    for place, item in enumerate(objects):
        places = paths.list_paths(item.id)
        if item.size > most:
            why = f'object {item.id[:12]} is larger than {most // 1024 // 1024} MB'
            report.failures.append(Failure(places[0], 'read', why))
            continue
        if item.kind == 'blob' and paths.is_excluded(item.id):
            report.skip('excluded by configuration')
            continue
        is_whole = config.reads_dependencies or item.id in present
        if not is_whole and all(map(is_dependency, places)):
            report.skip(TOKENS_ONLY)
        if (digest := name_clean_object(known, item.id, places, is_whole)) in known:
            known.add(digest)
            report.add(BlobResult(size=item.size, is_unchanged=True))
        else:
            rows.append((item.kind != 'blob', place, places, item.id, item.size))
    rows.sort()
    return _split_rows([(name, places, size) for _, _, places, name, size in rows])


def name_clean_object(
    known: CleanCache, name: str, paths: tuple[str, ...], is_whole: bool
) -> bytes:
    """Return the cache key of an object under its paths; it differs if only part of it is read.

    An object that was searched for tokens only is not known to be clean for a full scan.
    """
    is_partial = not is_whole and any(map(is_dependency, paths))
    return known.name('\n'.join(paths) + '\n' * is_partial, name.encode())


def _split_rows(rows: list[tuple[str, tuple[str, ...], int]]) -> list[Batch]:
    """Split rows of id, paths and size, in their order."""
    found: list[Batch] = []
    group: list[tuple[str, tuple[str, ...]]] = []
    size = 0
    total = sum(length for _, _, length in rows)
    bound = max(_MIN_BYTES, min(_MAX_BYTES, total // _MIN_BATCHES))
    for name, places, length in rows:
        group.append((name, places))
        size += length
        if size >= bound or len(group) >= _MAX_OBJECTS:
            found.append(Batch(tuple(group), size))
            group, size = [], 0
    if group:
        found.append(Batch(tuple(group), size))
    return found
