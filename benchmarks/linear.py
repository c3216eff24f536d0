"""Text made against every pattern of keylint.

How the time grows when the text doubles. docs/reliability.md has the figures.

    python benchmarks/linear.py [--only WORD] [--worst N] [--jobs N]

All patterns of the rule pack, and all that keylint's modules hold as constants. For each one the
parsed expression is walked: what stands before a repeat is written once (and again and again), what
the repeat takes is repeated, and a byte that breaks the match ends the text. The growth is the
exponent between the two largest sizes that take measurable time. Fails above 1.3.

A pattern is used as the sources use it: where they only ask for a match at one place (`match`,
`fullmatch`; shapes of the rule pack), once, else for all matches in the text. What only ever sees a
few bytes (BOUNDED) gets as many, and fails when that takes longer than 10 ms.
"""

from __future__ import annotations

import argparse
import importlib
import math
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

import keylint
from keylint.core.lazy_patterns import defer_regex
from keylint.rules.load import load_rules

_PARSER: Any = importlib.import_module('re._parser')
_LIMIT = 1.3
_SIZES = tuple(1 << power for power in range(10, 19, 2))
# Below so many seconds a time is noise.
_FLOOR = 0.05
_SLOW = 1.5
_PATIENCE = 5.0
_BREAKS = (b'\x00', b'\n', b'!', b'')
_MOST_TEXTS = 40
# Patterns that are only ever given short text: name → the most bytes, and who sees to it.
BOUNDED: dict[str, tuple[int, str]] = {
    'keylint.syntax.values._BASE64_LINE': (100, 'searched in the 100 bytes before a value'),
    'keylint.syntax.walker._NAME_AT_END': (40, 'searched in the last 40 bytes of a string'),
    'keylint.fix.compose._ASSIGNED': (200, 'searched in the 200 bytes before a value'),
    'keylint.fix.removal._BINDING': (300, 'searched in the 300 letters before a value'),
    'keylint.readers.tables._NAMES': (300, 'searched in the 300 bytes before some values'),
    'keylint.readers.tables._PAIR': (300, 'searched in the 300 bytes before some values'),
    'keylint.publish.ci_files._PRINT': (1000, 'searched in the first 1000 bytes of a line'),
    'keylint.matcher.password_check._START_OF_WORD': (
        64,
        'searched in the 64 bytes before a match',
    ),
    'keylint.matcher.prefilter._START_OF_TEXT': (160, 'searched in the 160 bytes before a match'),
    'keylint.detect.unnamed_pairs._FIELDS': (200, 'searched in the 200 bytes before a value'),
    'keylint.api_usage.other_languages._API': (81, 'searched in what `_ADDRESS` takes for a host'),
    'keylint.declarations.careless_code._SAFE': (
        300,
        'searched in what `_PRINT` takes for arguments',
    ),
    'keylint.declarations.spoken_places._NAME': (100, 'searched in the 100 bytes before a word'),
    'keylint.detect.code_outline._DEFINES': (120, 'searched in the 120 bytes before a bracket'),
    'keylint.detect.code_outline._BLOCK_BEFORE': (
        120,
        'searched in the 120 bytes before a bracket',
    ),
    'keylint.detect.environment_marks._HOST_PART': (60, 'searched in the 60 bytes before a host'),
    'keylint.detect.environment_text._DECLARED': (200, 'searched in the 200 bytes before a host'),
    'keylint.detect.references._TEXT_BEFORE': (300, 'searched in the 300 bytes before a value'),
    'keylint.detect.references._ADDRESS': (300, 'searched in the 300 bytes before a value'),
    'keylint.detect.unnamed_values._CLIENT': (
        130,
        'searched in what `_CALL` takes for the name of a function',
    ),
}
_MOST_SECONDS = 0.01
_PLACED = ('match', 'fullmatch')


class Growth(NamedTuple):
    """The worst text of a pattern.

    Exponent, seconds at the largest size that was tried, that size, what it begins with.
    """

    exponent: float
    seconds: float
    size: int
    text: bytes


@cache
def _calls() -> dict[str, set[str]]:
    """Return the methods that are called on each constant.

    On one with an underscore in its module, on others in all sources.
    """
    found: dict[str, set[str]] = {}
    root = Path(keylint.__path__[0])
    for path in root.rglob('*.py'):
        module = '.'.join(path.relative_to(root.parent).with_suffix('').parts)
        for name, method in re.findall(
            r'\b(_?[A-Z][A-Z0-9_]+)(?:\[[^\]]*\])?\.(\w+)\b', path.read_text()
        ):
            found.setdefault(f'{module}.{name}' if name.startswith('_') else name, set()).add(
                method
            )
    return found


def placed_methods(name: str) -> tuple[str, ...]:
    """Return how a pattern is asked for a match at one place; nothing where text is searched."""
    if not name.startswith('keylint.'):
        return _PLACED if name.startswith('shape ') else ()
    constant = name.partition('[')[0]
    calls = _calls().get(constant if '._' in constant else constant.rsplit('.', 1)[-1], set())
    if not calls or not calls <= {*_PLACED, 'pattern'}:
        return ()
    return tuple(method for method in _PLACED if method in calls) or _PLACED


def patterns() -> dict[str, re.Pattern[Any]]:
    """Every pattern by name: those of modules, those of the rule pack."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in pkgutil.walk_packages(keylint.__path__, 'keylint.'):
        if module.name.endswith(('__main__', 'detect_secrets_plugin', 'migrations.env')):
            continue  # the last one is run by Alembic only
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, one in enumerate(_within(value)):
                found[f'{module.name}.{name}{f"[{number}]" if number else ""}'] = one
    pack = load_rules().pack
    for number, row in enumerate(pack.tokens):
        found[f'token {row.rule}/{row.role} {number}'] = pack.pattern(row.pattern)
    for rule, table in pack.rules.items():
        for number, entry in enumerate(table.credentials):
            found[f'shape {rule}/{entry.role} {number}'] = pack.pattern(entry.shape)
    unique: dict[tuple[Any, int], str] = {}
    for name, one in found.items():
        unique.setdefault((one.pattern, one.flags), name)
    return {name: found[name] for name in unique.values()}


# What stands for an expression that is compiled late.
_LATE: type[object] = type(defer_regex(''))


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif type(value) is _LATE:  # compiled when it is first used
        yield re.compile(value.pattern, value.flags)  # type: ignore[attr-defined]
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _within(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _within(item)


def texts(pattern: re.Pattern[Any]) -> list[tuple[bytes, bytes, bytes]]:
    """Return what comes first, what is repeated, what breaks the match."""
    tree = _PARSER.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found: dict[tuple[bytes, bytes, bytes], None] = {}
    for before, inner in _repeats(list(tree), b''):
        for tail in _BREAKS:
            found[before, inner, tail] = None
            found[b'', before + inner, tail] = None
            found[b'', before + inner * 30, tail] = None
    whole = _sample(list(tree))
    if whole:
        found[b'', whole, b'\x00'] = None
        found[b'', whole[:1], b'\x00'] = None
        found[b'', whole[: len(whole) // 2], b'\x00'] = None
    return [text for text in found if text[1]][:_MOST_TEXTS]


def _repeats(items: list[Any], before: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every repeat: the shortest text that leads there, and samples of what it takes."""
    for place, (kind, value) in enumerate(items):
        name = str(kind)
        if name in ('MAX_REPEAT', 'MIN_REPEAT', 'POSSESSIVE_REPEAT'):
            inner = list(value[2])
            if value[1] > 8:
                yield from ((before, sample) for sample in _samples(inner, items[place + 1 :]))
            yield from _repeats(inner, before)
            before += _sample(inner) * value[0]
        elif name == 'SUBPATTERN':
            yield from _repeats(list(value[3]), before)
            before += _sample(list(value[3]))
        elif name == 'BRANCH':
            for branch in value[1]:
                yield from _repeats(list(branch), before)
            before += _sample(list(value[1][0]))
        else:
            before += _sample([(kind, value)])


def _samples(inner: list[Any], after: list[Any]) -> Iterator[bytes]:
    """Yield what a repeat takes.

    A plain sample, each alternative, and bytes that what follows would take too.
    """
    yield _sample(inner)
    follow = _sample(after)[:1]
    if follow and re.fullmatch(rb'(?s).', follow):
        yield follow
    for kind, value in inner:
        if str(kind) == 'BRANCH':
            yield from (_sample(list(branch)) for branch in value[1])
        if str(kind) in ('IN', 'NOT_LITERAL', 'ANY'):
            for byte in (b' ', b'a', b'\t', b'A', b'0', b'"', b'-', b'.', b'_', b'/', b'|', b','):
                if re.fullmatch(_class(kind, value), byte):
                    yield byte


def _class(kind: Any, value: Any) -> bytes:
    taken = b''.join(re.escape(bytes((code,))) for code in range(256) if _takes(kind, value, code))
    return b'[' + taken + b']' if taken else b'(?!)'


def _takes(kind: Any, value: Any, code: int) -> bool:
    name = str(kind)
    if name == 'ANY':
        return code != 10
    if name == 'LITERAL':
        return bool(code == value)
    if name == 'NOT_LITERAL':
        return bool(code != value)
    if name == 'RANGE':
        return bool(value[0] <= code <= value[1])
    if name == 'CATEGORY':
        category = str(value)
        test = {'DIGIT': rb'\d', 'SPACE': rb'\s', 'WORD': rb'\w'}[category.rsplit('_', 1)[-1]]
        return (re.fullmatch(test, bytes((code,))) is not None) != ('NOT' in category)
    if name == 'IN':
        is_negated = bool(value) and str(value[0][0]) == 'NEGATE'
        return any(_takes(kind, inner, code) for kind, inner in value[is_negated:]) != is_negated
    return False


_USUAL = b'aA0 _-."\'/\n\t' + bytes(range(33, 127)) + bytes(range(256))


def _sample(items: list[Any]) -> bytes:
    """Return a short text that the items take."""
    made = b''
    for kind, value in items:
        name = str(kind)
        if name == 'LITERAL':
            made += bytes((value,)) if value < 256 else chr(value).encode()
        elif name in ('IN', 'ANY', 'NOT_LITERAL'):
            made += next((bytes((code,)) for code in _USUAL if _takes(kind, value, code)), b'')
        elif name in ('MAX_REPEAT', 'MIN_REPEAT', 'POSSESSIVE_REPEAT'):
            made += _sample(list(value[2])) * min(value[0], 300)
        elif name == 'SUBPATTERN':
            made += _sample(list(value[3]))
        elif name == 'ATOMIC_GROUP':
            made += _sample(list(value))
        elif name == 'BRANCH':
            made += _sample(list(value[1][0]))
    return made


def growth(name: str, pattern: re.Pattern[Any]) -> Growth:
    """Return the worst of all texts, or the first that is too bad."""
    most = BOUNDED[name][0] if name in BOUNDED else max(_SIZES)
    worst = Growth(0.0, 0.0, 0, b'')
    for text in texts(pattern):
        worst = max(worst, _growth(pattern, *text, most, placed_methods(name)))
        if worst.exponent > _LIMIT:
            break
    return worst


def _growth(
    pattern: re.Pattern[Any],
    first: bytes,
    inner: bytes,
    tail: bytes,
    most: int,
    methods: tuple[str, ...],
) -> Growth:
    times: list[tuple[int, float]] = []
    begin = (first + inner * 3)[:60]
    for size in sorted({min(size, most) for size in _SIZES}):
        text = first + inner * max(1, (size - len(first)) // len(inner)) + tail
        given = text if isinstance(pattern.pattern, bytes) else text.decode('latin-1')
        seconds = _seconds(pattern, given, methods)
        if _FLOOR < seconds < _SLOW or most < min(_SIZES):
            seconds = min(seconds, *(_seconds(pattern, given, methods) for _ in range(2)))
        times.append((len(text), seconds))
        if seconds > _SLOW:
            break
    (small, before), (large, after) = times[-3:][0], times[-1]
    if most < min(_SIZES):
        return Growth(math.inf if after > _MOST_SECONDS else 0.0, after, large, begin)
    if after == math.inf or small == large:
        return Growth(math.inf if after > _SLOW else 0.0, after, large, begin)
    if after < _FLOOR:
        return Growth(0.0, after, large, begin)
    return Growth(math.log(after / before) / math.log(large / small), after, large, begin)


def _seconds(pattern: re.Pattern[Any], text: bytes | str, methods: tuple[str, ...]) -> float:
    """Processor's seconds of one match, or of one search through all of the text.

    Infinity for one that would not end.
    """
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
    try:
        for method in methods:
            getattr(pattern, method)(text)
        if not methods:
            for _ in pattern.finditer(text):
                pass
    except TimeoutError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - started


def _late(_number: int, _frame: object) -> None:
    raise TimeoutError


def _prepare() -> None:
    signal.signal(signal.SIGPROF, _late)
    _OWN.update(patterns())


# Patterns of this worker: a compiled pattern is cheaper to find by name than to send.
_OWN: dict[str, re.Pattern[Any]] = {}


def _of_name(name: str) -> tuple[str, Growth]:
    return name, growth(name, _OWN[name])


def main() -> int:
    parser = argparse.ArgumentParser(
        description='How the time of every pattern grows with text made against it.'
    )
    parser.add_argument('--only', default='', help='patterns whose name holds this')
    parser.add_argument('--worst', type=int, default=25, help='how many rows are printed')
    parser.add_argument(
        '--jobs',
        type=int,
        default=1,
        help='processes side by side; seconds are those of the processor',
    )
    wanted = parser.parse_args()
    measured: dict[str, Growth] = {}
    with ProcessPoolExecutor(wanted.jobs, initializer=_prepare) as pool:
        for name, found in pool.map(_of_name, [name for name in patterns() if wanted.only in name]):
            measured[name] = found
            if found.exponent > _LIMIT:
                print(f'{name}: n^{found.exponent:.2f} {found.text!r}', file=sys.stderr, flush=True)
    bad = [name for name, found in measured.items() if found.exponent > _LIMIT]
    print(f'{len(measured)} patterns; {len(bad)} grow faster than n^{_LIMIT}')
    print(f'{"growth":>6} {"seconds":>8} {"bytes":>7}  pattern, begin of the text')
    for name, found in sorted(measured.items(), key=lambda row: -row[1].exponent)[
        : max(wanted.worst, len(bad))
    ]:
        note = f'  bounded: {BOUNDED[name][1]}' if name in BOUNDED else ''
        note += '  BROKEN' if name in bad else ''
        print(
            f'{found.exponent:>6.2f} {found.seconds:>8.3f} {found.size:>7}  '
            f'{name} {found.text!r}{note}'
        )
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
