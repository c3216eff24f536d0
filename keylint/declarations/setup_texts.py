"""Set-up texts and comments that tell the reader to enable withdrawals or to leave a key open.

`[X] Enable Withdrawals` means off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from keylint.declarations.relevance import EXCHANGES
from keylint.matcher.patterns import OPEN_ACCESS_SENTENCES, WITHDRAWAL_SENTENCES

_SENTENCE = re.compile(rb'[^\n.!?]+(?:[.!?](?!\s|$)[^\n.!?]*)*[.!?]?')
_WITHDRAW, _OPEN = re.compile(WITHDRAWAL_SENTENCES), re.compile(OPEN_ACCESS_SENTENCES)
_ALL = re.compile(rb'\b(?:permissions?|rights)\b', re.IGNORECASE)
# A denial anywhere in the sentence, a cross or an empty box before it, or a price for doing it
# turns the sense round.
_DENIAL = re.compile(
    rb'\b(?:not?|never|don.t|dont|disable[ds]?|disabling|without|avoid|unless|refuse|deny|forbid'
    rb'|must not|should not|off|unchecked|untick\w*'
    rb'|uncheck\w*'
    rb'|n.o|nunca|nicht|kein\w*|jamais|danger\w*|risk\w*|less secure than|instead of|rather than'
    rb'|cannot|can.t|isn.t'
    rb'|aren.t)\b|\xe2\x9d\x8c|\[ \]|\[[xX]\]|\xf0\x9f\x9a\xab',
    re.IGNORECASE,
)
_OPEN_DENIAL = re.compile(
    rb'\b(?:never|not recommended|danger\w*|risk\w*|avoid|should not|must not|instead of'
    rb'|rather than|warn\w*|if you|bad|insecure)\b|\xe2\x9d\x8c',
    re.IGNORECASE,
)
# Users, roles and apps have permissions too: of "all permissions" the sentence or the one before
# must say whose.
_KEY_TOPIC = re.compile(rb'\b(?:api[ _-]?keys?|' + EXCHANGES + rb')\b', re.IGNORECASE)
# Ids of rules, settings and classes: `key-can-withdraw` tells nobody anything.
_ID = re.compile(rb'(?<![A-Za-z0-9])[A-Za-z0-9]++(?:[-_][A-Za-z0-9]++){2,}+')


def find_instructions(
    data: bytes, lines: Iterable[tuple[int, int]]
) -> Iterator[tuple[str, str, int, int]]:
    """Find sentences in `lines` (bytes).

    What each asks for (`withdraw`, `open`), text and bytes.
    """
    for start, stop in lines:
        yield from _find_in_line(data[start:stop], start, data)


def _find_in_line(line: bytes, start: int, data: bytes) -> Iterator[tuple[str, str, int, int]]:
    for sentence in _SENTENCE.finditer(line):
        text = sentence.group()
        what = _classify_sentence(_ID.sub(lambda name: b'_' * len(name.group()), text))
        if what and not _is_of_others(text, data[max(0, start - 200) : start]):
            first = start + sentence.start() + len(text) - len(text.lstrip())
            yield what, text.strip().decode('utf-8', 'replace'), first, start + sentence.end()


def _is_of_others(text: bytes, before: bytes) -> bool:
    """Tell whether a sentence about all permissions speaks of users, roles or apps."""
    is_all = _ALL.search(text) is not None and b'withdraw' not in text.lower()
    return is_all and not (_KEY_TOPIC.search(text) or _KEY_TOPIC.search(before))


def _classify_sentence(text: bytes) -> str | None:
    if _WITHDRAW.search(text) and not _DENIAL.search(text):
        return 'withdraw'
    return 'open' if _OPEN.search(text) and not _OPEN_DENIAL.search(text) else None
