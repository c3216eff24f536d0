"""Set-up texts and comments that tell the reader to enable withdrawals or to leave a key open. `[X] Enable Withdrawals` means off."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(rb'[^\n.!?]+(?:[.!?](?!\s|$)[^\n.!?]*)*[.!?]?')
_ORDER = rb'\b(?:enable|allow|activate|tick|check|turn on|switch on|grant|give|habilit\w+|aktivier\w+|activez)\b'
_WITHDRAW = re.compile(
    _ORDER + rb'[^\n]{0,60}?\b(?:withdraw|withdrawals?|withdrawal permissions?|withdraw permissions?|saques?|retiros?|abhebung\w*)\b'
    rb'|\bwithdrawals?\b[^\n]{0,30}\b(?:must|should|need(?:s)? to|has to|have to)\b[^\n]{0,20}\b(?:be )?(?:enabled|allowed|on)\b'
    rb'|(?:' + _ORDER + rb'|\b(?:select|needs?|requires?|create|with)\b)[^\n]{0,40}?\b(?:all|every|full) (?:(?:api|of the|the|available|possible) )*'
    rb'(?:permissions?|rights)\b(?! reserved)',
    re.IGNORECASE,
)
_ALL = re.compile(rb'\b(?:permissions?|rights)\b', re.IGNORECASE)
_OPEN = re.compile(
    rb'\bunrestricted\b[^\n]{0,40}(?:\bip\b|access|less secure)|\bip[^\n]{0,30}\bunrestricted\b'
    rb'|\b(?:ip|whitelist|allow-?list|restriction)\b[^\n]{0,40}\b(?:leave|keep|is|stays?)?\s*(?:it )?(?:empty|blank|open)\b'
    rb'|\b(?:leave|keep)\b[^\n]{0,40}\b(?:ip|ips|whitelist|allow-?list|ip restriction)\b[^\n]{0,40}\b(?:empty|blank|open|unrestricted|off)\b'
    rb'|\b(?:do not|don.t|no need to|without|skip)\b[^\n]{0,30}\b(?:restrict|whitelist|bind|limit)\w*\b[^\n]{0,25}\bips?\b'
    rb'|\b(?:do not|don.t|no need to|without|skip)\b[^\n]{0,30}\bip\b[^\n]{0,15}\b(?:restrict|whitelist|allow-?list)\w*',
    re.IGNORECASE,
)
# Without one of the first words, or one of the second and one of the third, neither of the two is there: far cheaper to see.
_RIGHTS = (b'withdraw', b'saque', b'retiro', b'abhebung', b'permission', b'rights')
_LISTS = (b'ip', b'whitelist', b'allowlist', b'allow-list', b'restriction', b'unrestricted')
_WAYS = (b'empty', b'blank', b'open', b'unrestricted', b'off', b'restrict', b'whitelist', b'allowlist', b'allow-list', b'bind', b'limit')
# A denial anywhere in the sentence, a cross or an empty box before it, or a price for doing it turns the sense round.
_DENIAL = re.compile(
    rb'\b(?:not?|never|don.t|dont|disable[ds]?|disabling|without|avoid|unless|refuse|deny|forbid|must not|should not|off|unchecked|untick\w*'
    rb'|uncheck\w*'
    rb'|n.o|nunca|nicht|kein\w*|jamais|danger\w*|risk\w*|less secure than|instead of|rather than|cannot|can.t|isn.t'
    rb'|aren.t)\b|\xe2\x9d\x8c|\[ \]|\[[xX]\]|\xf0\x9f\x9a\xab',
    re.IGNORECASE,
)
_OPEN_DENIAL = re.compile(
    rb'\b(?:never|not recommended|danger\w*|risk\w*|avoid|should not|must not|instead of|rather than|warn\w*|if you|bad|insecure)\b|\xe2\x9d\x8c',
    re.IGNORECASE,
)
_EXCHANGES = rb'exchange|binance|bybit|kucoin|okx|kraken|coinbase|bitget|mexc|gate\.?io|htx|huobi|bitfinex|bitmex|deribit'
_TOPIC = re.compile(rb'\b(?:api|key|keys|' + _EXCHANGES + rb')\b', re.IGNORECASE)
# Users, roles and apps have permissions too: of "all permissions" the sentence or the one before must say whose.
_KEY_TOPIC = re.compile(rb'\b(?:api[ _-]?keys?|' + _EXCHANGES + rb')\b', re.IGNORECASE)
# Ids of rules, settings and classes: `key-can-withdraw` tells nobody anything.
_ID = re.compile(rb'(?<![A-Za-z0-9])[A-Za-z0-9]++(?:[-_][A-Za-z0-9]++){2,}+')
_COMMENT = re.compile(rb'^[ \t]*(?:#|//|;|--|\*|<!--)')
_PROSE = frozenset(('md', 'markdown', 'rst', 'txt', 'adoc', 'mdx', 'html'))
_COMMENTED = frozenset(('env', 'yaml', 'yml', 'toml', 'ini', 'cfg', 'conf', 'json', 'jsonc', 'json5', 'properties', 'py', 'js', 'ts', 'sh'))


def instructions(data: bytes, kind: str) -> Iterator[tuple[str, str, int, int]]:
    """What is told (`withdraw` or `open`), the sentence, and its bytes, for texts of prose and for comments in programs and settings."""
    if kind not in _PROSE and kind not in _COMMENTED:
        return
    position = 0
    for line in data.splitlines(keepends=True):
        start, position = position, position + len(line)
        if len(line) > 2000 or (kind in _COMMENTED and not _COMMENT.match(line) and b'#' not in line):
            continue
        skipped = line.find(b'#') if kind in _COMMENTED and not _COMMENT.match(line) else 0
        yield from _of_line(line[skipped:], start + skipped, data)


def _of_line(line: bytes, start: int, data: bytes) -> Iterator[tuple[str, str, int, int]]:
    words = line.lower()
    may_open = any(word in words for word in _LISTS) and any(word in words for word in _WAYS)
    if not ((any(word in words for word in _RIGHTS) and _WITHDRAW.search(line)) or (may_open and _OPEN.search(line))):
        return
    around = data[max(0, start - 600) : start + len(line) + 300]
    for sentence in _SENTENCE.finditer(line):
        text = sentence.group()
        what = _told(_ID.sub(lambda name: b'_' * len(name.group()), text))
        if what and (_TOPIC.search(text) or _TOPIC.search(around)) and not _is_of_others(text, data[max(0, start - 200) : start]):
            first = start + sentence.start() + len(text) - len(text.lstrip())
            yield what, text.strip().decode('utf-8', 'replace'), first, start + sentence.end()


def _is_of_others(text: bytes, before: bytes) -> bool:
    """Whether a sentence about all permissions speaks of users, roles or apps."""
    is_all = _ALL.search(text) is not None and b'withdraw' not in text.lower()
    return is_all and not (_KEY_TOPIC.search(text) or _KEY_TOPIC.search(before))


def _told(text: bytes) -> str | None:
    if _WITHDRAW.search(text) and not _DENIAL.search(text):
        return 'withdraw'
    return 'open' if _OPEN.search(text) and not _OPEN_DENIAL.search(text) else None
