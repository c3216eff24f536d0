"""What workers see in the objects of a history: which hold what, by fingerprints and keyed digests. No value leaves a worker."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from keylint.archives import kind_of
from keylint.core.config import Config, matches
from keylint.core.model import BlobResult, Failure, Finding, Report
from keylint.core.spans import Lines
from keylint.detect.encoding_hints import OF_LAYERS
from keylint.findings.fingerprint import LEADING, is_weak
from keylint.matcher.hyperscan import FLOODED, MOST_WAKES
from keylint.matcher.incremental import Versions, Wakes
from keylint.matcher.prefilter import lines_around, narrowed, tokens
from keylint.pipeline.clean_cache import Unchanged
from keylint.readers import ending
from keylint.readers.decode import is_table, to_text
from keylint.rules.load import Rules
from keylint.rules.rule_set import Pack
from keylint.sources import most_bytes
from keylint.sources.objects import Object, Reader

# One ticket of a worker: so many bytes of objects, or so many objects; fewer where there are not enough tickets for all workers to end at once.
# The versions of a file lie side by side in a pack: where one worker has them all, each is compared with the one before.
_CHUNK_BYTES = 512 << 20
_CHUNK_OBJECTS = 4000
_TICKETS = 24
_SMALLEST_CHUNK = 1 << 19
# Of a file of so many bytes only what is new is looked at first, with so many bytes on either side.
_LARGE = 1 << 13
_ASIDE = 1024
# A file of more bytes than these mostly holds something: only what is new is looked at, however much it is.
_HUGE = 1 << 17
# In so many places, times findings, it is looked for values that stand there again.
_MOST_REPEATS = 1 << 18


class Sighting(NamedTuple):
    """A finding in an object: its fingerprint, keyed digests of its parts' values, the object and the path it was read under.

    `is_placed` says that the fingerprint names the place and not the value.
    """

    fingerprint: str
    parts: frozenset[bytes]
    object: str
    path: str
    is_placed: bool = False


class Joined(NamedTuple):
    """A finding with all the objects that hold any of it, and its sightings in those that hold most of it."""

    fingerprint: str
    best: tuple[Sighting, ...]
    objects: frozenset[str]


class Chunk(NamedTuple):
    """Objects that one worker reads together: ids with the paths they are read under."""

    objects: tuple[tuple[str, str], ...]
    bytes: int


class Outcome(NamedTuple):
    """What a worker says of a chunk. `rest` counts objects that were not looked at because the run was stopped; `clean` names those that
    held nothing (`keylint.pipeline.clean_cache`).
    """

    sightings: tuple[Sighting, ...]
    failures: tuple[Failure, ...]
    clean: tuple[bytes, ...]
    objects: int
    bytes: int
    rest: int


def is_excluded(path: str, config: Config, known: dict[str, bool]) -> bool:
    """Whether a path is left out by configuration; `known` holds the answers so far."""
    if path not in known:
        known[path] = any(matches(path, pattern) for pattern in config.exclude)
    return known[path]


def chunks_of(
    objects: Iterable[Object],
    paths: dict[str, str],
    config: Config,
    report: Report,
    known: Unchanged,
) -> list[Chunk]:
    """Blobs as they lie in the pack, where git unpacks them fastest; then commits and tags. What is known to be clean is only counted."""
    rows = []
    most = most_bytes(config)
    excluded: dict[str, bool] = {}
    for place, item in enumerate(objects):
        path = paths[item.id]
        if item.size > most:
            report.failures.append(
                Failure(
                    path, 'read', f'object {item.id[:12]} is larger than {most // 1024 // 1024} MB'
                )
            )
        elif item.kind == 'blob' and is_excluded(path, config, excluded):
            report.skip('excluded by configuration')
        elif (digest := known.name(path, item.id.encode())) in known:
            known.add(digest)
            report.add(BlobResult(size=item.size, is_unchanged=True))
        else:
            rows.append((item.kind != 'blob', place, path, item.id, item.size))
    rows.sort()
    found: list[Chunk] = []
    group: list[tuple[str, str]] = []
    size = 0
    bound = max(_SMALLEST_CHUNK, min(_CHUNK_BYTES, sum(row[-1] for row in rows) // _TICKETS))
    for _, _, path, name, length in rows:
        group.append((name, path))
        size += length
        if size >= bound or len(group) >= _CHUNK_OBJECTS:
            found.append(Chunk(tuple(group), size))
            group, size = [], 0
    return [*found, Chunk(tuple(group), size)] if group else found


class Worker:
    """Looks at chunks. Made before the workers fork: git is started by each for itself."""

    def __init__(
        self,
        folder: str,
        rules: Rules,
        config: Config,
        known: Unchanged,
        is_stopped: Callable[[], bool],
        tally: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._reader = Reader(folder)
        self._known = known
        self._rules = rules
        # Values are needed for their digests; no finding leaves the worker.
        self._config = config._replace(show_secrets=True)
        self._is_stopped = is_stopped
        self._tally = tally
        self._told: set[str] = set()
        self._key = os.urandom(16)
        self._memory = Memory()
        self._void: set[bytes] = set()
        self._versions = Versions(self._wakes, self._mentions)
        self._last: dict[str, tuple[Sighting, ...]] = {}
        self._complained: set[tuple[str, str]] = (
            set()
        )  # paths with what is wrong: a file's versions say it once
        self._unread: list[Failure] = []
        self._is_flooded = False
        self._has_complained = (
            False  # about the object that is looked at, perhaps not for the first time
        )

    def __call__(self, chunk: Chunk) -> Outcome:
        sightings: list[Sighting] = []
        failures: list[Failure] = []
        clean: list[bytes] = []
        count = size = 0
        contents = self._reader.read([name for name, _ in chunk.objects])
        for (name, path), (_, data) in zip(chunk.objects, contents, strict=False):
            if data is None:
                failures.append(Failure(path, 'read', f'object {name[:12]} cannot be read'))
                continue
            count += 1
            size += len(data)
            before = len(sightings), len(failures)
            self._has_complained = False
            try:
                sightings += self._seen(name, path, data)
                if kind_of(path, data):
                    sightings += self._inside(name, path, data, failures)
                if before == (len(sightings), len(failures)) and not self._has_complained:
                    clean.append(self._known.name(path, name.encode()))
            except Exception as error:  # noqa: BLE001 - one object's accident must not end the run; it is counted and named
                failures.append(
                    Failure(path, 'scan', f'object {name[:12]}: {type(error).__name__}: {error}')
                )
            if self._is_stopped():
                break
        failures += self._unread
        self._unread = []
        new = {sighting.fingerprint for sighting in sightings} - self._told
        self._told |= new
        self._tally(len(new))
        rest = len(chunk.objects) - count - sum(failure.stage == 'read' for failure in failures)
        if rest:
            self._reader.close()  # what git still has to say belongs to the objects that are left
        return Outcome(tuple(sightings), tuple(failures), tuple(clean), count, size, rest)

    def _wakes(self, data: bytes) -> Wakes:
        seen = self._rules.gate.scan(data)
        self._is_flooded |= len(seen) >= MOST_WAKES
        return _of_leaks(data, seen, self._rules)

    def _complain(self, path: str, name: str, failure: Failure) -> None:
        """Keep what could not be looked at in an object, to be told with its chunk."""
        self._has_complained = True
        if (path, failure.error) not in self._complained:
            self._complained.add((path, failure.error))
            self._unread.append(
                failure._replace(path=path, error=f'object {name[:12]}: {failure.error}')
            )

    def _mentions(self, data: bytes) -> frozenset[int]:
        return frozenset(number for number, _ in self._rules.pack.words_gate.scan(data))

    def _seen(self, name: str, path: str, raw: bytes) -> tuple[Sighting, ...]:
        data, is_text = to_text(raw)
        seen = self._versions.look(path, data)
        if self._is_flooded:
            self._complain(path, name, Failure(path, 'scan', FLOODED))
            self._is_flooded = False
        wakes = seen.wakes if is_text else tokens(seen.wakes)
        if not wakes and not (is_text and is_table(path, data)):
            self._last.pop(path, None)
            return ()
        if seen.is_same and path in self._last:
            found = tuple(sighting._replace(object=name) for sighting in self._last[path])
        else:
            found = self._found(name, path, data, is_text, wakes)
        self._last[path] = found
        return found

    def _inside(self, name: str, path: str, data: bytes, failures: list[Failure]) -> list[Sighting]:
        """What the members of a carrier hold."""
        result = members_of(path, data, self._rules, self._config)
        failures += [
            failure._replace(error=f'object {name[:12]}: {failure.error}')
            for failure in result.failures
        ]
        return [
            Sighting(finding.fingerprint, self._digests(finding), name, path, is_placed(finding))
            for finding in result.findings
            if finding.parts
        ]

    def _found(
        self, name: str, path: str, data: bytes, is_text: bool, wakes: Wakes
    ) -> tuple[Sighting, ...]:
        """What an object holds: nothing where each place that the gate saw stood in an object that held nothing."""
        if is_table(path, data):
            return self._examined(name, path, data, is_text, wakes, {})
        spans = [
            span
            for span in {lines_around(data, end) for _, end in wakes}
            if self._plain(path, data, span) not in self._void
        ]
        if not spans:
            return ()
        places = self._surroundings(path, data, spans)
        known = self._memory.recall(places, path)
        if known is not None:
            new = [span for key, span in places.items() if key not in self._memory]
            is_little = len(data) > _HUGE or (
                len(data) > _LARGE and 3 * sum(last - first for first, last in new) < len(data)
            )
            # What is encoded has to be read as a whole.
            coded = (
                [lines_around(data, end) for number, end in wakes if number in OF_LAYERS]
                if is_little
                else []
            )
            may_be_cut = is_little and not set(new) & set(coded)
            if not new or (may_be_cut and not self._is_loud(path, data, new)):
                self._memory.add(places, {}, {})
                return tuple(sighting._replace(object=name, path=path) for sighting in known)
        if len(data) <= _HUGE and is_void(path, data, is_text, wakes, self._rules.pack):
            self._void.update(self._plain(path, data, span) for span in spans)
            return ()
        return self._examined(name, path, data, is_text, wakes, places)

    def _examined(
        self,
        name: str,
        path: str,
        data: bytes,
        is_text: bool,
        wakes: Wakes,
        places: dict[bytes, tuple[int, int]],
    ) -> tuple[Sighting, ...]:
        result = examined(path, data, is_text, wakes, self._rules, self._config)
        for failure in result.failures:
            self._complain(path, name, failure)
        found = tuple(
            Sighting(finding.fingerprint, self._digests(finding), name, path, is_placed(finding))
            for finding in result.findings
        )
        pairs = list(zip(found, result.findings, strict=True))
        repeats = _repeats(places, pairs, data)
        if repeats is not None:
            self._memory.add(
                places, {sighting: spans_of(finding, data) for sighting, finding in pairs}, repeats
            )
        return found

    def _plain(self, path: str, data: bytes, span: tuple[int, int]) -> bytes:
        """A digest of some lines and of the kind of their file."""
        return hashlib.blake2b(
            data[span[0] : span[1]],
            key=ending(path).encode('utf-8', 'surrogatepass')[:64],
            digest_size=16,
        ).digest()

    def _surroundings(
        self, path: str, data: bytes, spans: list[tuple[int, int]]
    ) -> dict[bytes, tuple[int, int]]:
        """Lines around places that the gate saw, by a digest of them, of the file's kind and of the issuers mentioned."""
        file = path if self._config.per_path_ignores else ending(path)
        told = file, sorted(self._rules.pack.issuers_in_path(path)), sorted(self._mentions(data))
        start = hashlib.blake2b(repr(told).encode('utf-8', 'surrogatepass'), digest_size=16)
        found = {}
        for first, last in spans:
            digest = start.copy()
            digest.update(data[first:last])
            found[digest.digest()] = first, last
        return found

    def _is_loud(self, path: str, data: bytes, spans: list[tuple[int, int]]) -> bool:
        """Whether there is the least sign of something in what is new in a larger file; it is then looked at as a whole."""
        lenient = self._config._replace(
            severity='info', confidence='low', select=(), ignore=(), per_path_ignores=()
        )
        for first, last in _cuts(spans):
            piece = data[first:last]
            wakes = leaks(piece, self._rules)
            if is_void(path, piece, True, wakes, self._rules.pack):
                self._void.update(
                    self._plain(path, data, span)
                    for span in spans
                    if first <= span[0] and span[1] <= last
                )
            elif examined(path, piece, True, wakes, self._rules, lenient).findings:
                return True
        return False

    def _digests(self, finding: Finding) -> frozenset[bytes]:
        return frozenset(
            hashlib.blake2b((part.value or '').encode(), key=self._key, digest_size=12).digest()
            for part in finding.parts
        )


def _repeats(
    places: dict[bytes, tuple[int, int]], found: list[tuple[Sighting, Finding]], data: bytes
) -> dict[bytes, list[Sighting]] | None:
    """The places in which a value of a finding stands, also where it was found before and is not told again. None for too many to look through."""
    if not found:
        return {}
    if len(places) * len(found) > _MOST_REPEATS:
        return None
    values = [
        (sighting, tuple((part.value or '').encode() for part in finding.parts))
        for sighting, finding in found
    ]
    return {
        key: [one for one, own in values if any(value in data[first:last] for value in own)]
        for key, (first, last) in places.items()
    }


def _cuts(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with something on either side, those that touch joined."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first - _ASIDE <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last + _ASIDE)
        else:
            found.append((max(0, first - _ASIDE), last + _ASIDE))
    return found


class Memory:
    """Places that were looked at before, by the digests of their surroundings, and what was found there."""

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[Sighting, ...]] = {}
        self._whole: dict[Sighting, frozenset[bytes]] = {}

    def __contains__(self, key: bytes) -> bool:
        return key in self._found

    def recall(self, keys: Iterable[bytes], path: str) -> list[Sighting] | None:
        """What was found at the places that are known; None when only a part of it is there, or when it was found under another path."""
        present = set(keys)
        found = {sighting for key in present for sighting in self._found.get(key, ())}
        if all(self._whole[s] <= present and (s.path == path or not s.is_placed) for s in found):
            return sorted(found, key=lambda sighting: sighting.fingerprint)
        return None

    def add(
        self,
        places: dict[bytes, tuple[int, int]],
        found: dict[Sighting, list[int]],
        repeats: dict[bytes, list[Sighting]],
    ) -> None:
        """Remember the places of a text and what was found in it, with the offsets of its parts; nothing if one lies in no place.

        `repeats` are the places where a value stands: one that was told of another place holds it too, and may be all that a version has.
        """
        homes = {key: list(group) for key, group in repeats.items() if group}
        for sighting, offsets in found.items():
            keys = [
                next((key for key, (first, last) in places.items() if first <= offset < last), None)
                for offset in offsets
            ]
            if None in keys:
                return
            for key in keys:
                homes.setdefault(key or b'', []).append(sighting)
            self._whole[sighting] = frozenset(key for key in keys if key)
        for key in places:
            if key in homes or key not in self._found:
                self._found[key] = tuple(homes.get(key, ()))


def is_placed(finding: Finding) -> bool:
    """Whether a finding is named by its place, as one of a weak value is. It must show its values."""
    lead = next((part for part in finding.parts if part.role in LEADING), finding.parts[0])
    return is_weak(lead.role, len((lead.value or '').encode()))


def spans_of(finding: Finding, data: bytes) -> list[int]:
    """The offsets at which the parts of a finding begin."""
    lines = Lines(data)
    return [lines.offset(part.place) for part in finding.parts]


def leaks(data: bytes, rules: Rules) -> Wakes:
    """What the gate sees of leaks; what a key was allowed to do long ago is not judged."""
    return _of_leaks(data, rules.gate.scan(data), rules)


def _of_leaks(data: bytes, seen: Wakes, rules: Rules) -> Wakes:
    return narrowed(data, [wake for wake in seen if wake[0] < rules.first_declaration])


def is_void(path: str, data: bytes, is_text: bool, wakes: Wakes, pack: Pack) -> bool:
    """Whether nothing in a version could be a secret."""
    from keylint.pipeline import text as examine  # noqa: PLC0415 - most objects hold nothing

    return examine.is_void(path, data, is_text, wakes, pack)


def examined(
    path: str, data: bytes, is_text: bool, wakes: Wakes, rules: Rules, config: Config
) -> BlobResult:
    """The findings of a version in which the gate saw something."""
    from keylint.pipeline.text import examine  # noqa: PLC0415 - most objects hold nothing

    return examine(path, data, is_text, wakes, rules.pack, config)


def joined(sightings: Iterable[Sighting]) -> list[Joined]:
    """One entry for each finding with all its objects; what is a part of a larger credential goes with that one."""
    objects: dict[str, dict[str, Sighting]] = {}
    for sighting in sightings:
        objects.setdefault(sighting.fingerprint, {})[sighting.object] = sighting
    parts = {
        name: max((sighting.parts for sighting in group.values()), key=len)
        for name, group in objects.items()
    }
    larger: dict[bytes, list[str]] = {}
    for name, digests in parts.items():
        for digest in digests:
            larger.setdefault(digest, []).append(name)
    found = {name: set(group) for name, group in objects.items()}
    for name, digests in sorted(parts.items(), key=lambda item: (len(item[1]), item[0])):
        owner = (
            next(
                (
                    other
                    for other in larger[next(iter(digests))]
                    if other in found and digests < parts[other]
                ),
                None,
            )
            if digests
            else None
        )
        if owner is not None:
            found[owner] |= found.pop(name)
    entries = []
    for name, holding in sorted(found.items()):
        best = [
            sighting
            for sighting in objects[name].values()
            if len(sighting.parts) == len(parts[name])
        ]
        entries.append(
            Joined(name, tuple(sorted(best, key=lambda s: (s.path, s.object))), frozenset(holding))
        )
    return entries


def members_of(path: str, data: bytes, rules: Rules, config: Config) -> BlobResult:
    """The leaks in the members of a carrier, and what could not be read of it."""
    from keylint.pipeline.members import inside  # noqa: PLC0415 - only for archives, databases, bytecode, pickles

    return inside(path, data, rules, config, leaks_only=True)
