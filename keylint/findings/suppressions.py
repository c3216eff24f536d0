"""Comments that accept a finding: `keylint: ignore[rule] reason`, and the marks of other scanners."""

from __future__ import annotations

import re
from typing import NamedTuple

_OWN = re.compile(
    rb'(?<!`)(?:#|//|/\*|<!--|--|;|%|\'|\bREM\b|\brem\b)'
    rb'[ \t]*keylint:[ \t]*ignore(?:\[(?P<rules>[^\]\n]*)\])?[ \t]*(?P<reason>[^\r\n]*)'
)
_SAME_LINE = re.compile(
    rb'gitleaks:allow|pragma:[ \t]*(?:allow|white)list[ \t]+secret|trufflehog:ignore|kingfisher:ignore|betterleaks:allow'
    rb'|noqa:[ \t]*[A-Z0-9, \t]*\bS10[567]\b',
    re.IGNORECASE,
)
_NEXT_LINE = re.compile(
    rb'pragma:[ \t]*(?:allow|white)list[ \t]+nextline[ \t]+secret', re.IGNORECASE
)
_BARE_COMMENT = re.compile(rb'[\s>*"\',+\-]*')
_CLOSING = re.compile(rb'(?:\*/|-->|["\'],?|\\n["\']?,?)?$')


_AT_ONCE = 1 << 20


class Mark(NamedTuple):
    """A mark in a text: the line it stands on and the lines it covers (from 1), its rules (empty: all), its reason."""

    line: int
    covers: tuple[int, ...]
    rules: tuple[str, ...]
    reason: str
    is_own: bool


def marks(data: bytes, starts: list[int]) -> list[Mark]:
    """All marks of a text whose lines start at `starts`."""
    if not _may_have_marks(data):
        return []
    found: list[Mark] = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(data)
        if end - start < 10_000:
            found += _of_line(data[start:end], index + 1)
    return found


def _may_have_marks(data: bytes) -> bool:
    """Whether a word of any mark stands in a text, which is too large to be copied."""
    for first in range(0, len(data), _AT_ONCE):
        piece = data[first : first + _AT_ONCE + 8].lower()
        if any(word in piece for word in (b'keylint:', b':allow', b'pragma:', b':ignore', b'noqa')):
            return True
    return False


def _of_line(text: bytes, line: int) -> list[Mark]:
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
        return [Mark(line, covers, rules, reason, True)]
    if _NEXT_LINE.search(text):
        return [Mark(line, (line + 1,), (), 'pragma: allowlist nextline secret', False)]
    peer = _SAME_LINE.search(text)
    return [Mark(line, (line,), (), peer.group().decode(), False)] if peer else []
