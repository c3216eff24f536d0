"""Distinguish "pass", the name of a password, from the verb, a test result and a data pass."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Candidate

_BEFORE_BYTES, _BEHIND_BYTES, _MAX_LINE_BYTES = 60, 80, 400
# "Pass v4l2_pix_fmts to …", "pass \fBIDN2_NFC_INPUT\fP in": no operator between verb and object.
_VERB = defer_regex(rb'(?<![\w\-])[Pp]ass[ \t]+\\?[`*_]{0,2}\Z')
_SENTENCE_GOES_ON = defer_regex(rb'[\\\w`*]{0,6}[,;]?[ \t]+[a-z(]')
# An identifier: no part of it is random. `summer_2019` does not match, its last part is a number.
_CODE_NAME = defer_regex(
    rb'(?=\w*_)(?:f[BIRCP])?(?:[A-Za-z]+(?:\d{1,3}[A-Za-z]\d?|\d{1,4})?_)+[A-Za-z]+\d{0,3}'
    rb'|\w+(?:\.\w+)+'
)
# "Single-pass Big5-HKSCS analysis", "low-pass FIR8": algorithms and filters.
_COMPOUND = defer_regex(
    rb'\b(?:single|one|two|three|multi|first|second|third|final|last|low|high|band|all|by)-pass'
    rb'(?:es)?[ \t]+\Z'
)
# The result of a test; it counts beside the result of another.
_OUTCOME = defer_regex(rb'(?:\A|\n)[ \t*\-\[]{0,8}PASS(?:ED)?\]?(?:[ \t]++(?::[ \t]+)?|:[ \t]+)\Z')
_OUTCOME_LINE = defer_regex(
    rb'[ \t*\-\[]{0,8}(?:PASS|PASSED|FAIL|FAILED|XFAIL|XPASS|SKIP|SKIPPED|ERROR|UNSUPPORTED'
    rb'|UNTESTED|UNRESOLVED|OK|ok|not ok)\b\]?[ \t:]'
)
# The same in a table, behind a cell that says of what: `| lint | **PASS** | see run-42 |`.
_OUTCOME_CELL = defer_regex(
    rb'\|[^|\n]{1,50}\|[^|\w\n]{0,8}(?i:PASS(?:ED)?)[^|\w\n]{0,8}\|[^|\n]*+\Z'
)


def is_other_pass(data: bytes, value: Candidate) -> bool:
    """Tell whether the "pass" before a value does not name a password."""
    if not value.name.strip().lower().endswith(('pass', 'passes', 'passed')):
        return False
    before = data[max(0, value.start - _BEFORE_BYTES) : value.start]
    if _COMPOUND.search(before.lower()) is not None:
        return True
    if _VERB.search(before) is not None:
        return (
            _SENTENCE_GOES_ON.match(data, value.end, value.end + _BEHIND_BYTES) is not None
            or _CODE_NAME.fullmatch(value.value) is not None
        )
    if _stands_behind_an_outcome(data, value.start):
        return True
    return _OUTCOME.search(before) is not None and _stands_among_outcomes(data, value)


def _stands_behind_an_outcome(data: bytes, start: int) -> bool:
    """Tell whether the cell before that of a value is the result of a check."""
    first = max(data.rfind(b'\n', 0, start) + 1, start - _MAX_LINE_BYTES)
    return _OUTCOME_CELL.search(data, first, start) is not None


def _stands_among_outcomes(data: bytes, value: Candidate) -> bool:
    """Tell whether the line above or below has the result of another test."""
    start = data.rfind(b'\n', 0, value.start) + 1
    above = data.rfind(b'\n', max(0, start - _MAX_LINE_BYTES), max(0, start - 1)) + 1
    below = data.find(b'\n', value.end, value.end + _MAX_LINE_BYTES) + 1
    return bool(start and _OUTCOME_LINE.match(data, above)) or bool(
        below and _OUTCOME_LINE.match(data, below)
    )
