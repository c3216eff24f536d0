"""Find the opposite of a mark in the comments beside it: people switch environments that way.

    BASE_URL = 'https://testnet.binance.vision'
    # BASE_URL = 'https://api.binance.com'

The key may belong to the other line, so the mark is a guess.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.detect.environment_marks import IssuerMarks
from keylint.detect.environment_text import METHOD, OFF, SETTING
from keylint.matcher.prefilter import find_lines_around
from keylint.rules.rule_set import RuleSet

# The number of lines above and below a mark that are read, and the most bytes on each side.
_LINES, _MAX_BYTES = 3, 2000
_COMMENT = defer_regex(rb'[ \t]*(?:#|//|;|--|<!--|/\*|\*)[#/ \t]*(?P<code>[^\n]*)')
_CODE = defer_regex(rb'[^\n=:]{1,80}(?:=|:(?!//)|\()')


def is_switched_by_comment(data: bytes, mark: int, marks: IssuerMarks, pack: RuleSet) -> bool:
    """Tell whether a line that chooses the live system is commented out beside a mark."""
    return any(_chooses_live(code, marks, pack) for code in _list_comments(data, mark))


def _list_comments(data: bytes, mark: int) -> Iterator[bytes]:
    """Yield the comment lines around an offset, without their comment signs."""
    start, end = find_lines_around(data, mark, _LINES + 1, _MAX_BYTES)
    for line in data[start:end].split(b'\n'):
        comment = _COMMENT.match(line)
        if comment is not None:
            yield comment['code']


def _chooses_live(code: bytes, marks: IssuerMarks, pack: RuleSet) -> bool:
    """Tell whether commented-out code selects the live system."""
    if _CODE.match(code) is None:
        return False
    if any(host.environment == 'live' for host in marks.find_hosts(code)):
        return True
    if any(method['value'].lower() in OFF for method in METHOD.finditer(code)):
        return True
    for setting in SETTING.finditer(code):
        name, value = setting['name'].decode(), setting['value'].decode()
        one = marks.read_switch(name, value, *setting.span(), pack)
        if one is not None and one.environment == 'live':
            return True
    return False
