"""Scan versions of files without scanning again what stood in earlier ones.

Independent of detection.

A version is skipped, or only its changed lines are scanned, where everything around its matches
stood in an earlier object. A history that is scanned without this module should give the same
report. It does for the repositories of the tests but not for every generated history with hundreds
of versions, where a few objects can be missing from a lifetime (tests/history/test_incremental.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from keylint.core.model import Finding
from keylint.core.spans import Lines
from keylint.history.occurrences import Occurrence
from keylint.matcher.match import DECODED_KINDS
from keylint.matcher.prefilter import find_lines_around
from keylint.readers.document import Document

# In a file of at least this many bytes only the new spans are scanned first, with this many bytes
# on either side.
_LARGE_BYTES = 1 << 13
_CONTEXT_BYTES = 1024
# A file of more bytes nearly always has candidates: only the new spans are scanned, however many.
_HUGE_BYTES = 1 << 17
# Limit on places × findings when searching for repeated values.
_MAX_REPEATS = 1 << 18

Span = tuple[int, int]
FoundPairs = list[tuple[Occurrence, Finding]]


class DocumentScanner(Protocol):
    """Answers what an incremental scan asks about documents."""

    def scan(self, document: Document) -> FoundPairs:
        """List the findings of a document, each with its occurrence."""

    def may_hold_secret(self, document: Document) -> bool:
        """Return False where a document has no candidate at all."""

    def cut(self, document: Document, span: Span) -> Document:
        """Make a document of a part of another one."""

    def has_finding(self, document: Document) -> bool:
        """Return True if a document has any finding, whatever the thresholds."""

    def list_context(self, document: Document) -> object:
        """List what findings depend on beyond the lines around them: format, path, issuers."""


class IncrementalScan:
    """Remembers what was found around the matches of earlier objects."""

    def __init__(self, scanner: DocumentScanner) -> None:
        self._scanner = scanner
        self._memory = Memory()
        self._empty: set[bytes] = set()  # digests of lines that hold no candidate
        self._last: dict[str, tuple[Occurrence, ...]] = {}

    def find(self, name: str, document: Document, is_same: bool) -> tuple[Occurrence, ...]:
        """List the findings of the object `name`.

        `is_same` says that it differs from the last version of its path only far from any match.
        """
        path = document.path
        if not document.matches and not document.is_table:
            self._last.pop(path, None)
            return ()
        if is_same and path in self._last:
            found = tuple(one._replace(object=name) for one in self._last[path])
        else:
            found = self._find_in_version(name, document)
        self._last[path] = found
        return found

    def _find_in_version(self, name: str, document: Document) -> tuple[Occurrence, ...]:
        if document.is_table:
            return self._find_anew(document, {})
        data = document.data
        spans = [
            span
            for span in {find_lines_around(data, match.end) for match in document.matches}
            if _digest_lines(document, span) not in self._empty
        ]
        if not spans:
            return ()
        places = self._digest_places(document, spans)
        known = self._recall(document, places)
        if known is not None:
            return tuple(one._replace(object=name, path=document.path) for one in known)
        if len(data) <= _HUGE_BYTES and not self._scanner.may_hold_secret(document):
            self._empty.update(_digest_lines(document, span) for span in spans)
            return ()
        return self._find_anew(document, places)

    def _recall(self, document: Document, places: dict[bytes, Span]) -> list[Occurrence] | None:
        """Recall the findings of a document with known places, or without new candidates.

        None where it has to be scanned.
        """
        known = self._memory.recall(places, document.path)
        if known is None:
            return None
        new = [span for key, span in places.items() if key not in self._memory]
        if new and (not self._may_be_cut(document, new) or self._holds_new(document, new)):
            return None
        self._memory.add(places, {}, {})
        return known

    def _may_be_cut(self, document: Document, new: list[Span]) -> bool:
        """Return True if scanning the new spans alone is sound and worth it.

        Encoded text has to be decoded as a whole.
        """
        size = len(document.data)
        new_bytes = sum(last - first for first, last in new)
        if size <= _HUGE_BYTES and (size <= _LARGE_BYTES or 3 * new_bytes >= size):
            return False
        coded = {
            find_lines_around(document.data, match.end)
            for match in document.matches
            if match.pattern.kind in DECODED_KINDS
        }
        return coded.isdisjoint(new)

    def _holds_new(self, document: Document, spans: list[Span]) -> bool:
        """Return True if scanning only the new spans of a large file yields any candidate."""
        for first, last in _widen(spans):
            piece = self._scanner.cut(document, (first, last))
            if not self._scanner.may_hold_secret(piece):
                inner = [span for span in spans if first <= span[0] and span[1] <= last]
                self._empty.update(_digest_lines(document, span) for span in inner)
            elif self._scanner.has_finding(piece):
                return True
        return False

    def _find_anew(self, document: Document, places: dict[bytes, Span]) -> tuple[Occurrence, ...]:
        pairs = self._scanner.scan(document)
        repeats = _find_repeats(places, pairs, document.data)
        if repeats is not None:
            offsets = {one: _list_offsets(finding, document.data) for one, finding in pairs}
            self._memory.add(places, offsets, repeats)
        return tuple(one for one, _ in pairs)

    def _digest_places(self, document: Document, spans: list[Span]) -> dict[bytes, Span]:
        """Key the lines around matches by a digest of them and of the context of the document."""
        context = repr(self._scanner.list_context(document)).encode('utf-8', 'surrogatepass')
        start = hashlib.blake2b(context, digest_size=16)
        found = {}
        for first, last in spans:
            digest = start.copy()
            digest.update(document.data[first:last])
            found[digest.digest()] = first, last
        return found


class Memory:
    """What was found at places that were scanned, by the digests of the lines around them."""

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[Occurrence, ...]] = {}
        self._whole: dict[Occurrence, frozenset[bytes]] = {}

    def __contains__(self, key: bytes) -> bool:
        return key in self._found

    def recall(self, keys: Iterable[bytes], path: str) -> list[Occurrence] | None:
        """Recall what was found at the places that are known.

        None if only a part of it is there, or if it was found under another path that its
        fingerprint names.
        """
        present = set(keys)
        found = {one for key in present for one in self._found.get(key, ())}
        if all(
            self._whole[one] <= present and (one.path == path or not one.is_placed) for one in found
        ):
            return sorted(found, key=lambda one: one.fingerprint)
        return None

    def add(
        self,
        places: dict[bytes, Span],
        found: dict[Occurrence, list[int]],
        repeats: dict[bytes, list[Occurrence]],
    ) -> None:
        """Remember the places of a text and its findings, with the offsets of their parts.

        Nothing is remembered if a part lies in no place. `repeats` are the places where a value
        stands: it is reported at one of them only, and a later version may have kept another one.
        """
        homes = {key: list(group) for key, group in repeats.items() if group}
        for occurrence, offsets in found.items():
            keys = [
                next((key for key, (first, last) in places.items() if first <= offset < last), None)
                for offset in offsets
            ]
            if None in keys:
                return
            for key in keys:
                homes.setdefault(key or b'', []).append(occurrence)
            self._whole[occurrence] = frozenset(key for key in keys if key)
        for key in places:
            if key in homes or key not in self._found:
                self._found[key] = tuple(homes.get(key, ()))


def _digest_lines(document: Document, span: Span) -> bytes:
    """Digest some lines together with the format of their file."""
    key = document.format.ending.encode('utf-8', 'surrogatepass')[:64]
    return hashlib.blake2b(document.data[span[0] : span[1]], key=key, digest_size=16).digest()


def _find_repeats(
    places: dict[bytes, Span], found: FoundPairs, data: bytes
) -> dict[bytes, list[Occurrence]] | None:
    """Find the places with a value of a finding, also where it is not reported again.

    None if there are too many to search.
    """
    if not found:
        return {}
    if len(places) * len(found) > _MAX_REPEATS:
        return None
    values = [
        (one, tuple((part.value or '').encode() for part in finding.parts))
        for one, finding in found
    ]
    return {
        key: [one for one, own in values if any(value in data[first:last] for value in own)]
        for key, (first, last) in places.items()
    }


def _list_offsets(finding: Finding, data: bytes) -> list[int]:
    """List the offsets at which the parts of a finding begin."""
    lines = Lines(data)
    return [lines.offset(part.place) for part in finding.parts]


def _widen(spans: Sequence[Span]) -> list[Span]:
    """Widen spans on both sides, and merge those that touch."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first - _CONTEXT_BYTES <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last + _CONTEXT_BYTES)
        else:
            found.append((max(0, first - _CONTEXT_BYTES), last + _CONTEXT_BYTES))
    return found
