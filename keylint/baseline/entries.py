"""The entries of a baseline: a user's verdict on each known finding, and the finding's id.

An id reveals no value. A strong value is identified by a slow digest with the baseline's own salt,
so the id stays the same if the value moves. A weak value could be guessed from any digest, so it is
identified by its rule, its path and the name that it is bound to.
"""

from __future__ import annotations

import os

from keylint.core.errors import ConfigError, suggest_word
from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Finding
from keylint.core.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import hashlib
else:
    hashlib = defer_module('hashlib')

VERDICTS = ('unreviewed', 'false-positive', 'accepted', 'rotated')
# About 0.6 ms on a machine of 2026: the cost of each finding for a scan, of each guess for an
# attacker.
_ROUNDS = 2000
_ID_BYTES = 10
_SALT_BYTES = 16
_DAY = defer_regex(r'\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])')


class Entry(NamedTuple):
    """A known finding and the verdict on it.

    `local` is set if the finding is identified by its place; there may be `times` such findings.
    `history` means that only the history of the repository contains it. `until` is the last day
    (YYYY-MM-DD) on which the verdict is valid.
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
        """Tell whether the verdict has expired."""
        return bool(self.until) and self.until < today

    def is_open(self, today: str) -> bool:
        """Tell whether the verdict is missing or has expired."""
        return self.verdict == 'unreviewed' or self.is_expired(today)


class Baseline(NamedTuple):
    """The path of a baseline, its salt, and its entries by their ids."""

    path: str
    salt: bytes
    entries: dict[str, Entry]

    def id_of(self, finding: Finding, path: str) -> str:
        """Compute the id of a finding; `path` is its path as seen from the baseline."""
        if finding.local:
            return self._digest(f'{finding.rule}\0{path}\0{finding.local}')
        return self.id_of_value(finding.fingerprint)

    def id_of_value(self, fingerprint: str) -> str:
        """Compute the id of a finding that is identified by its value."""
        return hashlib.pbkdf2_hmac(
            'sha256', fingerprint.encode(), self.salt, _ROUNDS, _ID_BYTES
        ).hex()

    def local_of(self, finding: Finding) -> str:
        """Compute the name of a finding within its file; empty for strong values.

        The name identifies the finding in a renamed file.
        """
        return self._digest(f'{finding.rule}\0{finding.local}') if finding.local else ''

    def _digest(self, text: str) -> str:
        data = text.encode('utf-8', 'surrogateescape')
        return hashlib.blake2b(data, key=self.salt, digest_size=_ID_BYTES).hexdigest()


def make_baseline(path: str) -> Baseline:
    """Make a baseline without entries."""
    return Baseline(path, os.urandom(_SALT_BYTES), {})


def check_verdict(verdict: str, until: str, where: str) -> None:
    """Raise ConfigError for an unknown verdict, and for an `until` that is no day."""
    if verdict not in VERDICTS:
        raise ConfigError(
            f"{where}: verdict is '{verdict}'{suggest_word(verdict, list(VERDICTS))}; "
            f'allowed: {", ".join(VERDICTS)}'
        )
    if until and not _DAY.fullmatch(until):
        raise ConfigError(f"{where}: until is '{until}'; it must be a day such as 2026-12-31")
