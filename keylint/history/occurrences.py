"""Record where a history has a finding: fingerprints, keyed digests. No value leaves a worker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from keylint.core.model import Finding
from keylint.core.records import NamedTuple

_DIGEST_BYTES = 12


class Occurrence(NamedTuple):
    """A finding in an object, with keyed digests of its parts' values.

    `path` is the one that the object was read under. `is_placed` means that the fingerprint names
    the place and not the value, `is_live` that the object says that the key is live, `is_accepted`
    that a comment there accepts the finding.
    """

    fingerprint: str
    parts: frozenset[bytes]
    object: str
    path: str
    is_placed: bool = False
    is_live: bool = False
    is_accepted: bool = False


class VersionFindings(NamedTuple):
    """What an object shows under a path: all of its findings by fingerprint, without values."""

    object: str
    path: str
    findings: dict[str, Finding]


class MergedFinding(NamedTuple):
    """A finding with all objects that contain any part of it, and its most complete occurrences.

    An object may have several occurrences, one for each of several paths.
    """

    fingerprint: str
    best: tuple[Occurrence, ...]
    objects: frozenset[str]


def make_occurrence(finding: Finding, name: str, path: str, key: bytes) -> Occurrence:
    """Make the occurrence of a finding in the object `name`.

    The finding must carry its values; they are digested with `key`.
    """
    digests = frozenset(
        hashlib.blake2b((part.value or '').encode(), key=key, digest_size=_DIGEST_BYTES).digest()
        for part in finding.parts
    )
    return Occurrence(
        finding.fingerprint,
        digests,
        name,
        path,
        is_placed(finding),
        finding.environment == 'live',
        finding.state == 'suppressed',
    )


def index_findings(text: Iterable[Finding], members: Sequence[Finding] = ()) -> dict[str, Finding]:
    """Index findings of an object by fingerprint: the first of its members, then its text's."""
    found = {finding.fingerprint: finding for finding in text}
    return found | {finding.fingerprint: finding for finding in reversed(members)}


def drop_values(finding: Finding) -> Finding:
    """Return the finding without the values of its parts."""
    return finding._replace(parts=tuple(part._replace(value=None) for part in finding.parts))


def is_placed(finding: Finding) -> bool:
    """Return True if the fingerprint names the place, as it does for a guessable value."""
    return bool(finding.local)


def merge_occurrences(occurrences: Iterable[Occurrence]) -> list[MergedFinding]:
    """Merge the occurrences of each finding; a part of a larger one is merged into that."""
    groups: dict[str, list[Occurrence]] = {}
    for occurrence in occurrences:
        groups.setdefault(occurrence.fingerprint, []).append(occurrence)
    parts = {
        name: max((occurrence.parts for occurrence in group), key=len)
        for name, group in groups.items()
    }
    found = {name: {one.object for one in group} for name, group in groups.items()}
    _merge_parts(found, parts)
    entries = []
    for name, holding in sorted(found.items()):
        best = [one for one in groups[name] if len(one.parts) == len(parts[name])]
        if any(one.is_live for one in groups[name]):
            # A key is not a test key if any version says that it is live.
            best = [one for one in best if one.is_live] or best
        best.sort(key=lambda one: (one.path, one.object))
        entries.append(MergedFinding(name, tuple(best), frozenset(holding)))
    return entries


def _merge_parts(found: dict[str, set[str]], parts: dict[str, frozenset[bytes]]) -> None:
    """Move the objects of a finding whose parts are all parts of a larger one to that one."""
    holders: dict[bytes, list[str]] = {}
    for name, digests in parts.items():
        for digest in digests:
            holders.setdefault(digest, []).append(name)
    for name, digests in sorted(parts.items(), key=lambda item: (len(item[1]), item[0])):
        larger = holders[next(iter(digests))] if digests else []
        owner = next((one for one in larger if one in found and digests < parts[one]), None)
        if owner is not None:
            found[owner] |= found.pop(name)
