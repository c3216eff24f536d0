"""Small bots of the frozen corpus, each scanned alone: declarations held against the code.

Their files stand as templates in bots.txt, each behind a line `=== BOT/FILE`.
"""

from __future__ import annotations

import re
from pathlib import Path

_TEXT = (Path(__file__).parent / 'bots.txt').read_text(encoding='utf-8')
_HEAD = re.compile(r'^=== ([\w-]+)/(\S+)\n', re.MULTILINE)


def read_bots() -> dict[str, dict[str, str]]:
    """Read the templates of each bot's files."""
    found: dict[str, dict[str, str]] = {}
    pieces = _HEAD.split(_TEXT)[1:]
    for bot, name, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        found.setdefault(bot, {})[name] = text
    return found


BOTS = read_bots()
# What `fix` can move, and what it must refuse, in every form that it knows: one tree, not a bot.
FIXABLE = BOTS.pop('fixable')
