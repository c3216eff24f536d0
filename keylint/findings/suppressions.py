"""Find and apply comments that accept a finding.

`keylint: ignore[rule] reason`, and those of other scanners.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from keylint.core.model import Finding, Suppression
from keylint.core.report import ScanWarning

_OWN = re.compile(
    rb'(?<!`)(?:#|//|/\*|<!--|--|;|%|\'|\bREM\b|\brem\b)'
    rb'[ \t]*keylint:[ \t]*ignore(?:\[(?P<rules>[^\]\n]*)\])?[ \t]*(?P<reason>[^\r\n]*)'
)
_SAME_LINE = re.compile(
    rb'gitleaks:allow|pragma:[ \t]*(?:allow|white)list[ \t]+secret'
    rb'|trufflehog:ignore|kingfisher:ignore|betterleaks:allow'
    rb'|noqa:[ \t]*[A-Z0-9, \t]*\bS10[567]\b',
    re.IGNORECASE,
)
_NEXT_LINE = re.compile(
    rb'pragma:[ \t]*(?:allow|white)list[ \t]+nextline[ \t]+secret', re.IGNORECASE
)
_BARE_COMMENT = re.compile(rb'[\s>*"\',+\-]*')
_CLOSING = re.compile(rb'(?:\*/|-->|["\'],?|\\n["\']?,?)?$')


_CHUNK_BYTES = 1 << 20
_LONGEST_MARK_BYTES = 8
_MAX_LINE_BYTES = 10_000
# Rules that only the whole tree can break: the file alone cannot tell that a comment for them is
# unused.
_OF_REPOSITORY = frozenset(
    """keys-drift keys-too-many key-unused key-undeclared key-exceeds-code code-withdraws
    code-transfers""".split()
)


def find_suppressions(data: bytes, starts: list[int]) -> list[Suppression]:
    """Find all suppressions of a text whose lines start at the offsets `starts`."""
    if not _may_have_suppressions(data):
        return []
    found: list[Suppression] = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(data)
        if end - start < _MAX_LINE_BYTES:
            found += _find_in_line(data[start:end], index + 1)
    return found


def _may_have_suppressions(data: bytes) -> bool:
    """Tell whether a word of any suppression stands in a text, in pieces.

    It may be too large to copy.
    """
    for first in range(0, len(data), _CHUNK_BYTES):
        piece = data[first : first + _CHUNK_BYTES + _LONGEST_MARK_BYTES].lower()
        if any(word in piece for word in (b'keylint:', b':allow', b'pragma:', b':ignore', b'noqa')):
            return True
    return False


def _find_in_line(text: bytes, line: int) -> list[Suppression]:
    own = _OWN.search(text)
    if own:
        rules = tuple(
            rule.strip()
            for rule in (own['rules'] or b'').decode('utf-8', 'replace').split(',')
            if rule.strip()
        )
        reason = (
            _CLOSING.sub(b'', own['reason'].rstrip()).strip(b' \t-:').decode('utf-8', 'replace')
        )
        covers = (line, line + 1) if _BARE_COMMENT.fullmatch(text[: own.start()]) else (line,)
        return [Suppression(line, covers, rules, reason, True)]
    if _NEXT_LINE.search(text):
        return [Suppression(line, (line + 1,), (), 'pragma: allowlist nextline secret', False)]
    peer = _SAME_LINE.search(text)
    return [Suppression(line, (line,), (), peer.group().decode(), False)] if peer else []


def apply_suppressions(
    finding: Finding, lines: Collection[int], suppressions: Iterable[Suppression]
) -> tuple[Finding, Suppression | None]:
    """Return the finding, marked, and the first suppression that covers one of its `lines`."""
    for suppression in suppressions:
        is_for_rule = not suppression.rules or finding.rule in suppression.rules
        if is_for_rule and any(line in lines for line in suppression.covers):
            reason = suppression.reason or None
            return finding._replace(state='suppressed', reason=reason), suppression
    return finding, None


def lines_of(finding: Finding) -> set[int]:
    """List the lines on which a suppression may accept a finding.

    Its first, and those of its parts.
    """
    lines = {finding.place.line}
    for part in finding.parts:
        lines |= {part.place.line, part.place.end_line}
    return lines


def complain_about_suppressions(
    path: str, suppressions: Iterable[Suppression], used: Collection[Suppression]
) -> list[ScanWarning]:
    """Name suppressions of ours that accept nothing or give no reason."""
    found = []
    for one in suppressions:
        if not one.is_own:
            continue
        is_for_repository = one.rules and set(one.rules) <= _OF_REPOSITORY
        if one not in used and not is_for_repository:
            why = 'this `keylint: ignore` mark covers no finding; remove it'
            found.append(ScanWarning(path, one.line, why))
        elif not one.reason:
            why = 'this `keylint: ignore` mark gives no reason; write why after it'
            found.append(ScanWarning(path, one.line, why))
    return found
