"""Scan items in several processes, then judge what they declare as one repository."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from functools import partial

from keylint.archives import SLOW_CONTAINER_ENDINGS
from keylint.core.blob import Blob, UnreadFile
from keylint.core.config import Config, check_rules
from keylint.core.lazy_patterns import defer_regex
from keylint.core.report import BlobResult, Failure, Report, Skipped
from keylint.pipeline.blob import scan_blob
from keylint.pipeline.clean_cache import CleanCache
from keylint.pipeline.scan import DetectionNeededError, is_binary
from keylint.rules.load import Rules, load_rules
from keylint.scanner.items import Item, list_items, list_tree_paths, make_reader, path_of_item
from keylint.scanner.progress import Progress
from keylint.scanner.request import ScanRequest
from keylint.sources import max_file_bytes
from keylint.sources.files import load_file
from keylint.sources.lfs import POINTER_HEADS, find_git_folder, follow_pointer
from keylint.sources.tree_places import forget_trees
from keylint.workers.job import Fallback
from keylint.workers.pool import map_unordered

# A run of characters in a name that is long enough for a value. A UUID has shorter ones.
_NAME_WITH_VALUE = defer_regex('[A-Za-z0-9+=~]{16}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-')
# What the summary says of them.
BINARY = 'binary: only tokens that name themselves were looked for'
# Fewer items are scanned sooner than the cache of clean ones is read.
_MIN_CACHED_ITEMS = 64


def scan_requested_items(request: ScanRequest, config: Config) -> Report:
    """Scan what the request lists, without its baseline."""
    started = time.perf_counter()
    rules = load_checked_rules(config)
    report = Report()
    items = list_items(request, config, report)
    _scan_items(items, report, request, rules, config)
    report.seconds = time.perf_counter() - started
    return report


def scan_listed_items(
    items: Sequence[Item],
    report: Report,
    request: ScanRequest,
    config: Config,
    rules: Rules | None = None,
) -> Report:
    """Scan items that the caller chose; `report` is the one that their listing was counted in.

    `rules` are those that the caller holds already.
    """
    started = time.perf_counter()
    _scan_items(items, report, request, load_checked_rules(config, rules), config)
    report.seconds = time.perf_counter() - started
    return report


def load_checked_rules(config: Config, held: Rules | None = None) -> Rules:
    """Load the rules for a run, which knows nothing of trees yet; `held` if they are there already.

    Raises ConfigError if the configuration names a rule that does not exist.
    """
    rules = held or load_rules(config.rules)
    forget_trees()
    detection = sys.modules.get('keylint.detect.tree_issuer')
    if detection is not None:  # an earlier run of this process has asked what its tree is about
        detection.find_tree_issuers.cache_clear()
    if config.select or config.ignore or config.per_path_ignores:
        check_rules(config, rules.pack.rule_ids)
    return rules


def _scan_items(
    items: Sequence[Item], report: Report, request: ScanRequest, rules: Rules, config: Config
) -> None:
    report.paths = [path_of_item(item) for item in items]
    report.tree_paths = list_tree_paths(items)
    progress = Progress(len(items), request.shows_progress)
    cache = CleanCache()
    if len(items) >= _MIN_CACHED_ITEMS:
        cache = open_clean_cache(os.getcwd(), request, rules, config)
    try:
        for result in map_unordered(
            partial(scan_item, rules=rules, config=config, cache=cache),
            _order_by_cost(items),
            progress,
            fallback=Fallback(
                lambda item: _try_scan_item(item, rules, config, cache), report_lost_item
            ),
        ):
            report.add(result)
            cache.add(result.clean)
    finally:
        progress.done()
        cache.save()
    if _needs_whole_checks(report, config):
        from keylint.scanner.whole_checks import check_whole  # noqa: PLC0415 - not in the hook

        check_whole(report, make_reader(items), rules, config)
    report.warnings += config.lost_inventories()
    report.sort()


def _needs_whole_checks(report: Report, config: Config) -> bool:
    """Tell whether anything may be found in declared keys, or in the names of files and folders."""
    return bool(
        report.records
        or config.severity == 'info'
        or report.findings
        or any(map(_NAME_WITH_VALUE.search, report.paths))
    )


def report_lost_item(item: Item, why: str) -> BlobResult:
    """Make the result of an item whose process ended: a failure with its name."""
    return BlobResult(failures=(Failure(path_of_item(item), 'scan', why),))


def open_clean_cache(folder: str, request: ScanRequest, rules: Rules, config: Config) -> CleanCache:
    """Open what earlier runs found clean in a folder; an empty cache if none is wanted."""
    if not request.uses_cache or os.environ.get('KEYLINT_NO_CACHE'):
        return CleanCache()
    from keylint.pipeline.stored_clean_cache import load_clean_cache  # noqa: PLC0415 - 64 files

    return load_clean_cache(folder, rules, config)


def _order_by_cost(items: Sequence[Item]) -> Sequence[Item]:
    """Sort items so that several processes end at the same time.

    Large items come first, and archives, which no process leaves to another, last.
    """
    return sorted(items, key=_estimate_cost) if len(items) > 1 else items


def _estimate_cost(item: Item) -> tuple[bool, int]:
    """Return whether an item is named like an archive, and its negative size in bytes."""
    size = len(item.data) if isinstance(item, Blob) else 0
    if isinstance(item, UnreadFile):
        try:
            size = os.lstat(item.name).st_size
        except OSError:
            size = 0
    return path_of_item(item).endswith(SLOW_CONTAINER_ENDINGS), -size


def _try_scan_item(
    item: Item, rules: Rules, config: Config, cache: CleanCache
) -> BlobResult | None:
    """Scan an item in a worker unless more has to be loaded for it; None for others."""
    try:
        return scan_item(item, rules, config, cache, may_load=False)
    except DetectionNeededError:
        return None


def _follow_pointer(blob: Blob, name: str, config: Config) -> Blob | Failure:
    """Put the content of a file of Git LFS in the place of its pointer, where it is there."""
    path = blob.origin.path
    data = follow_pointer(blob.data, find_git_folder(name), path, max_file_bytes(config))
    return data if isinstance(data, Failure) else blob._replace(data=data)


def scan_item(
    item: Item, rules: Rules, config: Config, cache: CleanCache, may_load: bool = True
) -> BlobResult:
    """Scan one item of a source. Raises DetectionNeededError.

    The file is opened here, so that a process holds one at a time in memory.
    """
    name = 'index'  # or standard input: the repository is that of the working directory
    if isinstance(item, UnreadFile):
        name = item.name
        item = load_file(item, max_file_bytes(config))
    if isinstance(item, Blob) and item.data.startswith(POINTER_HEADS):
        item = _follow_pointer(item, name, config)
    if isinstance(item, Failure):
        return BlobResult(failures=(item,))
    if isinstance(item, Skipped):
        return BlobResult(skipped=(item.why,))
    path, data = item.origin.path, item.data
    named = '\x00'.join((path, *item.origin.tree_place))
    key, empty = cache.name(named, data), BlobResult(size=len(data))
    if key in cache:
        result = empty._replace(clean=key, is_unchanged=True)
    else:
        result = scan_blob(item, rules, config, may_load)._replace(size=len(data))
        if result == empty:
            result = result._replace(clean=key)
    return result._replace(skipped=(*result.skipped, BINARY)) if is_binary(path, data) else result
