"""The baseline: findings that were there before, what somebody decided about each, and a name for each that gives no value away.

A strong value is named by a slow digest under the baseline's own salt, so that the name follows the value wherever it moves. A weak value
would be guessed from any digest: it is named by its rule, its path and the name that it is bound to.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from keylint.core.atomic import replace_file
from keylint.core.errors import ConfigError, SourceError, describe_library_error, suggest_word
from keylint.core.model import Finding
from keylint.core.report import ScanWarning
from keylint.findings.foreign_text import make_mask

VERDICTS = ('unreviewed', 'false-positive', 'accepted', 'rotated')
_VERSION = 1
_ABOUT = (
    'Known findings, written by `keylint baseline`; docs: https://keylint.readthedocs.io/baseline/'
)
# Some 0.6 ms on a machine of 2026: what a scan pays for each finding, and an attacker for each guess.
_ROUNDS = 2000
_ID_BYTES = 10
_FIELDS = ('id', 'rule', 'path', 'local', 'times', 'history', 'verdict', 'reason', 'by', 'until')
_TEXTS = ('id', 'rule', 'path', 'local', 'verdict', 'reason', 'by', 'until')
_DAY = re.compile(r'\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])')
_MOST_BYTES = 64 << 20


class Entry(NamedTuple):
    """A known finding and the verdict on it. `local` is set where the finding is named by its place, of which there may be `times`.

    `history` says that only the history of the repository holds it. `until` is the last day (YYYY-MM-DD) on which the verdict holds.
    """

    id: str
    rule: str
    path: str
    local: str = ''
    times: int = 1
    history: bool = False
    verdict: str = 'unreviewed'
    reason: str = ''
    by: str = ''
    until: str = ''

    def is_expired(self, today: str) -> bool:
        """Whether the verdict's last day is past."""
        return bool(self.until) and self.until < today

    def is_open(self, today: str) -> bool:
        """Whether somebody still has to decide."""
        return self.verdict == 'unreviewed' or self.is_expired(today)


class Baseline(NamedTuple):
    """The file, its salt, and its entries by their ids."""

    path: str
    salt: bytes
    entries: dict[str, Entry]

    def id_of(self, finding: Finding, path: str) -> str:
        """The name of a finding; `path` is its path as seen from the baseline."""
        if finding.local:
            return self._fast(f'{finding.rule}\0{path}\0{finding.local}')
        return self.id_of_value(finding.fingerprint)

    def id_of_value(self, fingerprint: str) -> str:
        """The name of a finding that its value names."""
        from hashlib import pbkdf2_hmac  # noqa: PLC0415 - only where there is a finding and a baseline

        return pbkdf2_hmac('sha256', fingerprint.encode(), self.salt, _ROUNDS, _ID_BYTES).hex()

    def local_of(self, finding: Finding) -> str:
        """The name of a finding within its file, by which it is known again in a renamed one; empty for strong values."""
        return self._fast(f'{finding.rule}\0{finding.local}') if finding.local else ''

    def _fast(self, text: str) -> str:
        from hashlib import blake2b  # noqa: PLC0415

        return blake2b(
            text.encode('utf-8', 'surrogateescape'), key=self.salt, digest_size=_ID_BYTES
        ).hexdigest()


class BaselineScope(NamedTuple):
    """What a run looked at: where a path lies as seen from the baseline, and whether the run would have found what an entry names."""

    locate: Callable[[str], str]
    is_scanned: Callable[[Entry], bool]
    is_gone: Callable[[str], bool]


class MatchedFindings(NamedTuple):
    """Findings with their states; how often each entry was met; entries that name nothing any more; renamed ones and their new paths."""

    findings: list[Finding]
    met: dict[str, int]
    stale: tuple[Entry, ...]
    moved: dict[str, str]
    ids: dict[int, str]


def make_baseline(path: str) -> Baseline:
    """A baseline without entries."""
    return Baseline(path, os.urandom(16), {})


def read_baseline(path: str) -> Baseline:
    """The baseline in a file. Raises ConfigError that names the file and the place."""
    import json  # noqa: PLC0415 - only where there is a baseline

    try:
        if os.path.getsize(path) > _MOST_BYTES:
            raise ConfigError(f'{path}: larger than {_MOST_BYTES >> 20} MB; that is no baseline')
        with open(path, 'rb') as file:
            data = file.read()
    except OSError as error:
        raise ConfigError(f'{path}: cannot read the baseline: {error.strerror}') from None
    if re.search(rb'^(?:<{7}|>{7})(?: |$)', data, re.MULTILINE):
        raise ConfigError(
            f'{path}: a merge left its marks: delete the lines with <<<<<<<, ======= and >>>>>>> and keep the entries of both sides'
        )
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f'{path}: not JSON: {describe_library_error(error)}') from None
    return _parsed(path, document)


def _parsed(path: str, document: Any) -> Baseline:
    if not isinstance(document, dict) or 'keylint-baseline' not in document:
        raise ConfigError(
            f'{path}: not a baseline of keylint; `keylint baseline import {path}` reads those of other scanners'
        )
    if document['keylint-baseline'] != _VERSION:
        raise ConfigError(
            f'{path}: a baseline of version {document["keylint-baseline"]!r}; this keylint reads version {_VERSION}'
        )
    salt, rows = document.get('salt'), document.get('entries')
    if not isinstance(salt, str) or not re.fullmatch(r'[0-9a-f]{32}', salt):
        raise ConfigError(
            f'{path}: salt must be 32 hexadecimal digits; without the right one no entry is known'
        )
    if not isinstance(rows, list):
        raise ConfigError(f'{path}: entries must be a list')
    entries: dict[str, Entry] = {}
    for number, row in enumerate(rows, 1):
        entry = _entry(row, f'{path}: entry {number}')
        twin = entries.get(entry.id)
        # Both sides of a merge may have the same entry: a verdict wins over none.
        entries[entry.id] = twin if twin is not None and twin.verdict != 'unreviewed' else entry
    return Baseline(path, bytes.fromhex(salt), entries)


def _entry(row: Any, where: str) -> Entry:
    if not isinstance(row, dict):
        raise ConfigError(f'{where}: must be an object')
    for key in row:
        if key not in _FIELDS:
            raise ConfigError(
                f"{where}: unknown key '{key}'{suggest_word(key, list(_FIELDS))}; allowed: {', '.join(_FIELDS)}"
            )
    for key in ('id', 'rule', 'path'):
        if not row.get(key):
            raise ConfigError(f'{where}: {key} is missing')
    if not all(isinstance(row[key], str) for key in _TEXTS if key in row):
        raise ConfigError(f'{where}: {", ".join(_TEXTS)} must be strings')
    times = row.get('times', 1)
    if (
        not isinstance(times, int)
        or isinstance(times, bool)
        or times < 1
        or not isinstance(row.get('history', False), bool)
    ):
        raise ConfigError(
            f'{where}: times must be a whole number above 0, and history true or false'
        )
    entry = Entry(**row)
    check_verdict(entry.verdict, entry.until, where)
    return entry


def check_verdict(verdict: str, until: str, where: str) -> None:
    """Raises ConfigError for a verdict that there is not, and for an `until` that is no day."""
    if verdict not in VERDICTS:
        raise ConfigError(
            f"{where}: verdict is '{verdict}'{suggest_word(verdict, list(VERDICTS))}; allowed: {', '.join(VERDICTS)}"
        )
    if until and not _DAY.fullmatch(until):
        raise ConfigError(f"{where}: until is '{until}'; it must be a day such as 2026-12-31")


def render_baseline(baseline: Baseline) -> str:
    """The file: entries in the order of rule and id, so that none moves when another comes; two lines each: what it is, what was decided."""
    import json  # noqa: PLC0415

    def text(value: object) -> str:
        shown = json.dumps(value, ensure_ascii=False)
        return shown if shown.isprintable() else json.dumps(value)

    def line(entry: Entry, names: tuple[str, ...]) -> str:
        values = [(name, getattr(entry, name)) for name in names]
        return ', '.join(
            f'"{name}": {text(value)}' for name, value in values if value != _DEFAULTS.get(name)
        )

    rows = [
        f'    {{{line(entry, _FIELDS[:6])},\n     {line(entry, _FIELDS[6:])}}}'
        for entry in sorted(baseline.entries.values(), key=lambda entry: (entry.rule, entry.id))
    ]
    inner = '[\n' + ',\n'.join(rows) + '\n  ]' if rows else '[]'
    return f'{{\n  "keylint-baseline": {_VERSION},\n  "about": {text(_ABOUT)},\n  "salt": "{baseline.salt.hex()}",\n  "entries": {inner}\n}}\n'


_DEFAULTS = {name: value for name, value in Entry._field_defaults.items() if name != 'verdict'}


def write_baseline(baseline: Baseline) -> None:
    """The file is replaced as a whole or stays as it was. Raises SourceError."""
    try:
        replace_file(os.path.realpath(baseline.path), render_baseline(baseline).encode())
    except OSError as error:
        raise SourceError(f'{baseline.path}: cannot write the baseline: {error.strerror}') from None


def match_findings(
    baseline: Baseline,
    findings: Iterable[Finding],
    scope: BaselineScope,
    today: str,
    is_strict: bool,
) -> MatchedFindings:
    """Findings that the baseline knows become `known`; where it is strict, those that somebody still has to decide on stay open.

    A place that is known so often may not hold one more: the later ones are new.
    """
    met: dict[str, int] = {}
    told: list[Finding] = []
    ids: dict[int, str] = {}
    strangers: list[tuple[int, Finding]] = []
    names: dict[tuple[str, ...], str] = {}
    for finding in findings:
        number = len(told)
        key = (
            (finding.rule, scope.locate(finding.path), finding.local)
            if finding.local
            else (finding.fingerprint,)
        )
        if key not in names:
            names[key] = baseline.id_of(finding, scope.locate(finding.path))
        name = ids[number] = names[key]
        entry = baseline.entries.get(name)
        if entry is None:
            strangers.append((number, finding))
        else:
            met[name] = met.get(name, 0) + 1
            if finding.state == 'open' and (not finding.local or met[name] <= entry.times):
                finding = _known(finding, entry, today, is_strict)
        told.append(finding)
    lost = [
        entry for name, entry in baseline.entries.items() if name not in met and not entry.history
    ]
    moved: dict[str, str] = {}
    for number, entry in _renamed(baseline, lost, strangers, scope):
        told[number] = _known(told[number], entry, today, is_strict)
        moved[entry.id] = scope.locate(told[number].path)
        met[entry.id] = met.get(entry.id, 0) + 1
        ids[number] = entry.id
    stale = tuple(entry for entry in lost if entry.id not in met and scope.is_scanned(entry))
    return MatchedFindings(told, met, stale, moved, ids)


def _renamed(
    baseline: Baseline,
    lost: Sequence[Entry],
    strangers: Sequence[tuple[int, Finding]],
    scope: BaselineScope,
) -> list[tuple[int, Entry]]:
    """Weak values that went along with their file: the old path is gone, and one new path holds the same rule and name as often as it did."""
    gone: dict[str, list[Entry]] = {}
    for entry in lost:
        if entry.local and scope.is_gone(entry.path):
            gone.setdefault(entry.local, []).append(entry)
    found: dict[str, dict[str, list[int]]] = {}
    for number, finding in strangers:
        if finding.local and finding.state == 'open' and gone:
            found.setdefault(baseline.local_of(finding), {}).setdefault(finding.path, []).append(
                number
            )
    pairs = []
    for local, entries in gone.items():
        places = found.get(local, {})
        if len(entries) == len(places) == 1:
            pairs += [
                (number, entries[0])
                for numbers in places.values()
                for number in numbers[: entries[0].times]
            ]
    return pairs


def _known(finding: Finding, entry: Entry, today: str, is_strict: bool) -> Finding:
    words = (
        f'{entry.verdict}, expired on {entry.until}' if entry.is_expired(today) else entry.verdict
    )
    reason = f'{words}: {entry.reason}' if entry.reason else words
    if is_strict and entry.is_open(today):
        return finding
    return finding._replace(state='known', reason=reason)


def list_notes(
    baseline: Baseline, found: MatchedFindings, today: str, is_strict: bool, shown_path: str
) -> list[ScanWarning]:
    """What the user should know about the baseline itself, in one line each."""
    entries = [baseline.entries[name] for name in found.met]
    expired = sum(entry.is_expired(today) for entry in entries)
    unreviewed = sum(entry.verdict == 'unreviewed' for entry in entries)
    told = []
    if found.stale:
        told.append(
            f'{_entries(len(found.stale))} that no finding matches any more; `keylint baseline update` drops them'
        )
    if expired:
        told.append(
            f'{_entries(expired)} whose verdict has expired; decide again with `keylint baseline audit`'
        )
    if unreviewed and is_strict:
        told.append(
            f'{_entries(unreviewed)} that nobody has reviewed; decide with `keylint baseline audit`'
        )
    return [ScanWarning(shown_path, 1, text) for text in told]


def _entries(count: int) -> str:
    return f'{count} entr{"y" if count == 1 else "ies"}'


def update_entries(
    baseline: Baseline, found: MatchedFindings, scope: BaselineScope
) -> tuple[Baseline, list[Entry]]:
    """The baseline with an entry for each finding of the whole tree, the stale ones left out; and the new entries."""
    groups: dict[str, list[Finding]] = {}
    for number, finding in enumerate(found.findings):
        if finding.state != 'suppressed':
            groups.setdefault(found.ids[number], []).append(finding)
    mask = make_mask(found.findings)
    stale = {entry.id for entry in found.stale}
    entries = {
        name: entry
        for name, entry in baseline.entries.items()
        if name not in stale and name not in found.moved
    }
    added = []
    for name, findings in groups.items():
        first, old = findings[0], baseline.entries.get(name)
        paths = {scope.locate(finding.path) for finding in findings}
        path = found.moved.get(name) or (
            old.path if old is not None and old.path in paths else min(paths)
        )
        own = baseline.id_of(first, path)
        entry = (old or Entry(own, first.rule, path, baseline.local_of(first)))._replace(
            id=own,
            rule=first.rule,
            path=mask(path),
            times=len(findings) if first.local else 1,
            history=False,
        )
        entries[own] = entry
        if old is None:
            added.append(entry)
    return baseline._replace(entries=entries), added


def add_history_entries(
    baseline: Baseline, found: MatchedFindings, scope: BaselineScope
) -> tuple[Baseline, list[Entry]]:
    """The baseline with entries for what only the history holds, and without those for what it holds no more; and the new entries."""
    mask = make_mask(found.findings)
    entries = {
        name: entry
        for name, entry in baseline.entries.items()
        if not entry.history or name in found.met
    }
    added = []
    for number, finding in enumerate(found.findings):
        name = found.ids[number]
        if finding.state != 'suppressed' and name not in entries:
            entries[name] = Entry(
                name,
                finding.rule,
                mask(scope.locate(finding.path)),
                baseline.local_of(finding),
                history=True,
            )
            added.append(entries[name])
    return baseline._replace(entries=entries), added
