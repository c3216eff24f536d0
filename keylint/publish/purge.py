"""Collect what the history must lose, and try out on each version whether replacing is enough.

Values are gathered here, and leave only in the one file of the plan that is named SECRET.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Self

from keylint.core.blob import Blob, Origin, TreePlace, UnreadFile
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.history.findings import read_content, scan_version
from keylint.history.object_paths import ObjectPaths
from keylint.history.repository import Repository
from keylint.history.worker import make_origin
from keylint.pipeline.blob import scan_blob
from keylint.publish.assess import Leak
from keylint.publish.exposures import STOP, Exposure
from keylint.publish.plan import is_dropped, is_purged
from keylint.publish.replacements import Replacement, is_weak, make_replacer
from keylint.readers.decode import to_text
from keylint.rules.load import Rules
from keylint.sources.files import load_file
from keylint.sources.objects import ObjectReader

# How much of the text before a weak value goes into its expression.
_CONTEXT_BYTES = 24
# Lines of a value of several lines that are shorter are no part of the secret.
_MIN_LINE_BYTES = 8
# git takes a file for binary if a zero is among its first bytes, and git filter-repo leaves it.
_BINARY_PROBE_BYTES = 8192
_QUOTES = b' \t"\'\\,('


class PurgeSource(NamedTuple):
    """Name what is purged: a repository, the paths of its blobs, and the root of its work tree.

    `keeps_harmless`: values that are proven to be harmless are left in.
    """

    repository: Repository
    paths: ObjectPaths
    top: str | None
    keeps_harmless: bool = False


class Purge(NamedTuple):
    """Hold what the history must lose.

    `spots` are the texts to replace, the longest first; `objects` the ids of all that held one,
    `stripped` of those that only dropping helps. `paths` are files to drop, `maybe` files that the
    user may want to drop. `headers` are commits and tags with a value in a name or an address.
    """

    spots: tuple[Replacement, ...]
    objects: tuple[str, ...]
    stripped: tuple[str, ...]
    paths: tuple[str, ...]
    maybe: tuple[str, ...]
    headers: tuple[str, ...]


def collect_purge(
    source: PurgeSource,
    leaks: Sequence[Leak],
    exposures: Sequence[Exposure],
    rules: Rules,
    config: Config,
) -> Purge:
    """Collect the values of all versions, and try the replacements out on each, in memory."""
    serious = [leak for leak in leaks if is_purged(leak, source.keeps_harmless)]
    lives = [leak.finding.life for leak in serious if leak.finding.life is not None]
    names = sorted({name for life in lives for name in life.objects})
    wanted = {leak.finding.fingerprint for leak in serious}
    with _Collector(source, rules, config, wanted) as collector:
        for name in names:
            collector.add_object(name)
        if source.top is not None:
            for path in sorted({leak.finding.path for leak in serious if leak.seat.in_tree}):
                collector.add_file(source.top, path)
        stripped = collector.find_unreplaceable(names)
    dropped = [item for item in exposures if is_dropped(item)]
    paths = {item.path for item in dropped if item.level == STOP}
    return Purge(
        collector.sort_replacements(),
        tuple(names),
        tuple(stripped),
        tuple(sorted(paths)),
        tuple(sorted({item.path for item in dropped} - paths)),
        tuple(sorted(collector.headers)),
    )


class _Collector:
    """Collects the texts to replace, as they stand in each version of each file with a leak."""

    def __init__(
        self, source: PurgeSource, rules: Rules, config: Config, wanted: Collection[str]
    ) -> None:
        self._repository = source.repository
        self._paths = source.paths
        self._reader = ObjectReader(source.repository.folder)
        self._rules = rules
        self._config = config._replace(show_secrets=True, severity='info', confidence='low')
        self._wanted = wanted
        self._spots: dict[Replacement, None] = {}
        self.headers: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._reader.close()

    def add_object(self, name: str) -> None:
        """Take in the leaks of an object."""
        raw = read_content(self._reader, name)
        if raw is None:
            return
        for path in self._paths.list_paths(name):
            found = scan_version(
                self._reader, name, self._make_origin(path), self._rules, self._config
            )
            self._add(raw, found.values())
        if self._kind_of(name) in ('commit', 'tag'):
            header = raw.partition(b'\n\n')[0]
            if any(spot.text in header for spot in self._spots):
                self.headers.add(name)

    def add_file(self, top: str, path: str) -> None:
        """Take in the leaks of a file of the work tree."""
        blob = load_file(UnreadFile(os.path.join(top, path), path, TreePlace(path, top)))
        if isinstance(blob, Blob):
            self._add(blob.data, scan_blob(blob, self._rules, self._config).findings)

    def _make_origin(self, path: str) -> Origin:
        return make_origin(path, self._repository.prefix, self._config)

    def _kind_of(self, name: str) -> str:
        return self._repository.objects[name].kind

    def _add(self, raw: bytes, findings: Iterable[Finding]) -> None:
        for spot in list_replacements(raw, [f for f in findings if f.fingerprint in self._wanted]):
            self._spots.setdefault(spot)

    def sort_replacements(self) -> tuple[Replacement, ...]:
        """Return the texts, the longest first: a text may be part of another."""
        return tuple(
            sorted(self._spots, key=lambda spot: (spot.before is not None, -len(spot.text), spot))
        )

    def find_unreplaceable(self, names: Iterable[str]) -> list[str]:
        """Return the blobs in which a leak would still be seen after all replacements."""
        replace = make_replacer([spot.format_line() for spot in self.sort_replacements()])
        blobs = [name for name in names if self._kind_of(name) == 'blob']
        found = []
        for name, raw in self._reader.read(blobs):
            if raw is None:
                continue
            after = raw if b'\x00' in raw[:_BINARY_PROBE_BYTES] else replace(raw)
            paths = self._paths.list_paths(name)
            if after == raw or any(self._has_leak(after, path) for path in paths):
                found.append(name)
        return found

    def _has_leak(self, data: bytes, path: str) -> bool:
        """Tell whether a scan still finds one of the values in a file."""
        origin = self._make_origin(path)._replace(commit='tried')
        result = scan_blob(Blob(data, origin), self._rules, self._config)
        found = [finding for finding in result.findings if finding.fingerprint in self._wanted]
        values = [_encode(part.value) for finding in found for part in finding.parts]
        return any(spot.text in value for value in values for spot in self._spots)


def list_replacements(raw: bytes, findings: Iterable[Finding]) -> list[Replacement]:
    """List the texts to replace for the findings of a file, as they stand in its bytes.

    The findings must carry their values, and their places be those of the file's text.
    """
    data, is_text = to_text(raw)
    lines = Lines(data)
    parts = [
        part for finding in findings if _is_in_text(finding) for part in finding.parts if part.value
    ]
    spans = [lines.span(part.place) for part in parts]
    spans = [(start, max(end, start + 1)) for start, end in spans]
    found: list[Replacement] = []
    for part, (start, end) in zip(parts, spans, strict=True):
        value = _encode(part.value)
        text = value if value in raw else data[start:end]
        if not is_text or text not in raw:
            if is_text or value in raw:
                found.append(Replacement(value))
        elif is_weak(text) and b'\n' not in text:
            line = lines.bounds(part.place.line)[0]
            first = max([line, start - _CONTEXT_BYTES, *(e for _, e in spans if e <= start)])
            found.append(Replacement(text, data[first:start] if data[start:end] == text else b''))
        else:
            found += _split_lines(text, value)
    return found


def _split_lines(text: bytes, value: bytes) -> list[Replacement]:
    """Split a text of several lines: a line of the file of replacements holds only one.

    Where the file writes a value otherwise (over several literals), quotes are no part of it.
    """
    rows = re.split(rb'\r?\n', text)
    pieces = [row if text == value else row.strip(_QUOTES) for row in rows]
    return [
        Replacement(piece)
        for piece in pieces
        if len(piece) >= _MIN_LINE_BYTES and not piece.startswith(b'-----')
    ]


def _encode(value: str | None) -> bytes:
    return (value or '').encode('utf-8', 'replace')


def _is_in_text(finding: Finding) -> bool:
    """Tell whether the places of a finding are places of its file.

    They are if the value was encoded there; they are not if it lies in an archive.
    """
    inside = finding.container
    return not inside or ('!/' not in inside and inside != finding.path.rsplit('/', 1)[-1])
