"""Repair one file: finding after finding, scanned again after each change."""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.errors import describe_crash
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.fix import inventory
from keylint.fix.edits import MovedValue, RepairedFile, UnfixableError
from keylint.fix.redacted_lines import BYTE_ORDER_MARK
from keylint.fix.removal import remove_values
from keylint.fix.store import EnvFiles
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules

_MAX_ROUNDS = 1000
# Shorter values are words that may occur anywhere.
_MIN_VALUE_CHARS = 8
_COPY = 'a value that was moved is here once more, where no rule recognises it; delete it'


class RepairOutcome(NamedTuple):
    """Hold a file before and after, what was fixed and how, what was left and why.

    `rest` are lines that still hold values which no finding names any more, with the reason.
    """

    path: str
    before: bytes
    after: bytes
    done: tuple[tuple[Finding, str], ...]
    left: tuple[tuple[Finding, str], ...]
    rest: tuple[tuple[int, str], ...] = ()


def repair_file(
    origin: Origin, data: bytes, given: tuple[Finding, ...], tools: tuple[Rules, Config, EnvFiles]
) -> RepairOutcome:
    """Make all repairs that a file allows; nothing is written.

    `given` are the file's findings of the whole run; of those only the open ones are touched.
    """
    path = origin.path
    rules, config, stores = tools
    mark = BYTE_ORDER_MARK if data.startswith(BYTE_ORDER_MARK) else b''
    text = data.removeprefix(BYTE_ORDER_MARK)
    repairs = _FileRepairs(path, text, given, stores)
    for _ in range(_MAX_ROUNDS):
        found = scan_blob(Blob(repairs.data, origin), rules, config).findings
        finding = repairs.find_next(found)
        if finding is None:
            break
        repairs.remove(finding)
    repairs.rest += _list_copies(repairs.data, repairs.moves)
    violations = [f for f in given if f.state == 'open' and not f.parts]
    for finding in sorted(violations, key=lambda f: -f.place.line):
        repairs.mark_violation(finding, config)
    return RepairOutcome(
        path,
        data,
        mark + repairs.data,
        tuple(repairs.done),
        tuple(repairs.left),
        tuple(dict.fromkeys(repairs.rest)),
    )


class _FileRepairs:
    """Holds a file while it is repaired, and what was done to it so far."""

    def __init__(
        self, path: str, data: bytes, given: tuple[Finding, ...], stores: EnvFiles
    ) -> None:
        self.path = path
        self.data = data
        self.stores = stores
        self.done: list[tuple[Finding, str]] = []
        self.left: list[tuple[Finding, str]] = []
        self.rest: list[tuple[int, str]] = []
        self.moves: list[MovedValue] = []
        self._accepted = {finding.fingerprint for finding in given if finding.state != 'open'}
        # With the lines that the user sees, which move while the file is edited.
        self._shown = {finding.fingerprint: finding for finding in reversed(given)}
        self._tried: set[tuple[str, ...]] = set()

    def find_next(self, findings: Iterable[Finding]) -> Finding | None:
        """Return the first open leak that was not tried yet."""
        for finding in findings:
            is_open = finding.state == 'open' and finding.fingerprint not in self._accepted
            if is_open and finding.parts and _key_of(finding) not in self._tried:
                return finding
        return None

    def remove(self, finding: Finding) -> None:
        """Remove the values of a leak, or note why they stay."""
        shown = self._shown.get(finding.fingerprint, finding)
        try:
            repaired, why = remove_values(self.path, self.data, finding, self.stores)
        except UnfixableError as error:
            self._leave(finding, shown, str(error))
            return
        except Exception as error:  # noqa: BLE001 - the other findings and files go on
            self._leave(finding, shown, describe_accident(error))
            return
        self.done.append((shown, repaired.says))
        if why:
            text = f'only a part of the credential could leave: {why}'
            self.rest.append((shown.place.line, text))
        if repaired.data == self.data:
            self._tried.add(_key_of(finding))
        else:
            self.moves += repaired.moves
        self.data = repaired.data

    def _leave(self, finding: Finding, shown: Finding, why: str) -> None:
        self._tried.add(_key_of(finding))
        self.left.append((shown, why))

    def mark_violation(self, finding: Finding, config: Config) -> None:
        """Insert a TODO where only the user knows the value, or note why that is impossible."""
        try:
            repaired = self._add_todo(finding, config)
        except UnfixableError as error:
            self.left.append((finding, str(error)))
            return
        except Exception as error:  # noqa: BLE001 - as above
            self.left.append((finding, describe_accident(error)))
            return
        text = f'marked with "{repaired.says}": only you know what belongs there'
        self.left.append((finding, text))
        self.data = repaired.data

    def _add_todo(self, finding: Finding, config: Config) -> RepairedFile:
        if not config.is_inventory(self.path):
            raise UnfixableError(
                'only the owner of the key can fix this, at the exchange or in the code'
            )
        if self.done:
            raise UnfixableError(
                'values left the file first; run `keylint fix` again for the TODOs'
            )
        return inventory.add_todo(self.data, self.path, finding.rule, finding.place.line)


def describe_accident(error: Exception) -> str:
    """Say that a repair failed because of a bug in keylint, without quoting the file."""
    return f'keylint failed at it ({describe_crash(error)}); move it out by hand'


def _key_of(finding: Finding) -> tuple[str, ...]:
    """Return what identifies an attempt: one part may be moved later than the others."""
    return finding.fingerprint, *(part.role for part in finding.parts)


def _list_copies(data: bytes, moves: Iterable[MovedValue]) -> list[tuple[int, str]]:
    """List the lines that still contain a moved value, in a comment or under a plain name."""
    lines = Lines(data)
    values = [move.value.encode() for move in moves if len(move.value) >= _MIN_VALUE_CHARS]
    found = sorted(data.find(value) for value in values)
    return [(lines.line_of(at), _COPY) for at in found if at >= 0]
