"""For which kinds of files it matters that the gate saw words of rights and addresses: in others they are names of variables.

Patterns are numbered from the first one about declarations, as `DECLARATIONS` are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from keylint.matcher.patterns import (
    BARE,
    CALLS,
    IN_DOCUMENTS,
    IN_QUOTES,
    ROWS,
    SENTENCES,
    VENDORS_KEYS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.matcher.hyperscan import Gate

# Endings of programs: their dictionaries are read, not their statements.
CODE = frozenset(
    'py pyi pyw js jsx mjs cjs ts tsx go rs java kt cs cpp cc c h rb php swift scala ipynb'.split()
)
PYTHON = ('py', 'pyi', 'pyw')
# Where sentences are read: all of them, and those in comments.
_PROSE = frozenset(('md', 'markdown', 'rst', 'txt', 'adoc', 'mdx', 'html'))
_COMMENTED = frozenset(
    (
        'env',
        'yaml',
        'yml',
        'toml',
        'ini',
        'cfg',
        'conf',
        'json',
        'jsonc',
        'json5',
        'properties',
        'py',
        'js',
        'ts',
        'sh',
    )
)
_COMMENT = re.compile(rb'[ \t]*(?:#|//|;|--|\*|<!--)')
_LONGEST_LINE = 2000
# A sentence is about a key where it, or what stands around it, names one or what it is for.
EXCHANGES = rb'exchange|binance|bybit|kucoin|okx|kraken|coinbase|bitget|mexc|gate\.?io|htx|huobi|bitfinex|bitmex|deribit'
# Compiled where it is asked for, and remembered by `re`, as the next one is: most runs of the hook end before.
_TOPIC = rb'(?i)\b(?:api|key|keys|' + EXCHANGES + rb')\b'
_BEFORE, _BEHIND = 600, 300
# What the jobs of a workflow may do with their own token: docs.github.com/en/actions/reference/workflow-syntax-for-github-actions#permissions.
_YAML = ('yml', 'yaml')
_SCOPE = (
    rb'[ \t]+(?:actions|artifact-metadata|attestations|checks|contents|deployments|discussions|id-token|issues|models|packages|pages'
    rb'|pull-requests|repository-projects|security-events|statuses):[ \t]*(?:read|write|none)[ \t]*(?:#.*)?\r?\n'
)
_JOB_RIGHTS = (
    rb'(?m)^[ \t]*permissions:[ \t]*(?:(?:\{\}|read-all|write-all)[ \t]*(?:#.*)?\r?\n|(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?:'
    + _SCOPE
    + rb')+)'
)


def may_declare(kind: str, seen: frozenset[int]) -> bool:
    """Whether a text of this kind may say what a key may do."""
    if kind not in CODE:
        return not seen.isdisjoint((IN_DOCUMENTS, ROWS, VENDORS_KEYS))
    return not seen.isdisjoint((IN_QUOTES, ROWS, VENDORS_KEYS)) or (
        kind not in PYTHON and BARE in seen
    )


def may_make_keys(kind: str, seen: frozenset[int]) -> bool:
    """Whether a program may hold a call that makes keys."""
    return CALLS in seen and kind in PYTHON


def told_in(
    data: bytes, kind: str, wakes: Iterable[tuple[int, int]], first: int
) -> list[tuple[int, int]]:
    """The lines in which the gate saw a sentence about setting up a key, as byte spans: of prose, and of comments from where those begin."""
    if kind not in _PROSE and kind not in _COMMENTED:
        return []
    places = {_line(data, end - 1) for number, end in wakes if number - first in SENTENCES}
    found = []
    for start, stop in sorted(places):
        if stop - start > _LONGEST_LINE:
            continue
        mark = (
            start
            if kind in _PROSE or _COMMENT.match(data, start, stop)
            else data.find(b'#', start, stop)
        )
        if mark >= 0 and re.compile(_TOPIC).search(data, max(0, mark - _BEFORE), stop + _BEHIND):
            found.append((mark, stop))
    return found


def _line(data: bytes, at: int) -> tuple[int, int]:
    """The line that holds an offset; more than the longest one that is read where it is longer."""
    lower, upper = max(0, at - _LONGEST_LINE), at + _LONGEST_LINE
    start = max(data.rfind(b'\n', lower, at), data.rfind(b'\r', lower, at)) + 1
    ends = [end for end in (data.find(b'\n', at, upper), data.find(b'\r', at, upper)) if end >= 0]
    return start or lower, min(ends, default=min(upper, len(data)) + 1)


def speaking(
    data: bytes, kind: str, wakes: list[tuple[int, int]], first: int, gate: Gate
) -> list[tuple[int, int]]:
    """What the gate saw, without the words of rights where they cannot matter. `first` is the first pattern about declarations."""
    seen = frozenset(number - first for number, _ in wakes if number >= first)
    if not seen:
        return wakes
    is_read = (
        kind == 'ipynb'
        or may_declare(kind, seen)
        or may_make_keys(kind, seen)
        or told_in(data, kind, wakes, first)
    )
    if is_read and not _is_of_jobs(data, kind, first, gate):
        return wakes
    return [wake for wake in wakes if wake[0] < first]


def _is_of_jobs(data: bytes, kind: str, first: int, gate: Gate) -> bool:
    """Whether the rights are those of a workflow's jobs, and nothing else speaks of any."""
    rest = re.sub(_JOB_RIGHTS, b'', data) if kind in _YAML and b'\njobs:' in data else data
    return rest != data and not any(number >= first for number, _ in gate.scan(rest))
