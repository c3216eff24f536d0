"""Tokens of vendors without a dossier, through detect-secrets' own plugins; imported when one of their patterns matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from keylint.core.model import Hit
from keylint.detect.allowlist import is_silent
from keylint.matcher.match import Match
from keylint.rules.plugins import load_plugin
from keylint.rules.rule_set import Pack

RULE = 'vendor-token'
_LONGEST_LINE = 4000


@cache
def _plugin(module: str) -> Any:
    return load_plugin(module)()


def plugin_hits(data: bytes, matches: Iterable[Match], pack: Pack) -> Iterator[Hit]:
    """Give what the plugins find on the lines where their patterns match."""
    modules = pack.plugins
    seen: set[tuple[str, int]] = set()
    for pattern, end in matches:
        if pattern.kind != 'plugin':
            continue
        start = data.rfind(b'\n', 0, end) + 1
        module = modules[pattern.row]
        if (module, start) in seen:
            continue
        seen.add((module, start))
        stop = data.find(b'\n', end)
        line = data[start : stop if stop >= 0 else len(data)][:_LONGEST_LINE]
        yield from _hits(module, line, start, pack)


def _hits(module: str, line: bytes, start: int, pack: Pack) -> Iterator[Hit]:
    for secret in _plugin(module).analyze_string(line.decode('latin-1')):
        value = str(secret).encode('latin-1').strip(b'"\' \t\r\n=:')
        place = line.find(value)
        if len(value) >= 8 and place >= 0 and not is_silent(value, pack):
            yield Hit(
                RULE, 'token', value, start + place, start + place + len(value), 'medium', module
            )
