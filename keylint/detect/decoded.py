"""Encodings as layers: a text with what is encoded in it written out at its place, and the way back to the encoded bytes.

Something is decoded only where there is a sign of it: what the gate knows by itself (telling words in base64 or hex, escapes side by side,
calls that decode), or a telling name before a run. And only text counts: images, hashes and keys do not decode to any.
docs/layers.md says what is read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keylint.core.model import Fragment, Piece, Setting
from keylint.core.spans import to_blob
from keylint.detect.bindings import name_before
from keylint.detect.encoding_hints import digits_before, digits_behind, may_be_text
from keylint.matcher.match import DECODED_KINDS, NAME_KINDS, Match
from keylint.matcher.prefilter import WORDY, filter_matches, lines_around
from keylint.readers import codecs as encoded
from keylint.readers.codecs import Decoded, TooLarge, is_text
from keylint.readers.formats import FORMATS
from keylint.readers.parsed import ParsedText
from keylint.readers.settings import read_settings
from keylint.readers.string_joins import cut
from keylint.rules.rule_set import Pack

# Layers in layers, bytes of one encoded run, and bytes that may come out of one text in all.
DEPTH = 3
LONGEST_RUN = 8 << 20
MOST_BYTES = 16 << 20
_SHORTEST = 16
_REACH = 400
_BEHIND = 16
_LONGEST_LINE = 1 << 15
_LONGEST_MAIL = 1 << 20
_LONGEST_CALL = 100
_RUN = re.compile(rb'(?:0[xX])?[A-Za-z0-9+/_\-]{16,}={0,2}')
_HEX = re.compile(rb'(?:0[xX])?(?:[0-9a-fA-F]{2}){16,}')
# The lines of a wrapped run have at least so many digits; the last one may have fewer.
_WRAPPED = 40
_NEXT = re.compile(rb'(?:\r?\n|\\r\\n|\\n)[ \t]*([A-Za-z0-9+/_\-]+={0,2})(?![A-Za-z0-9+/_\-=:. (])')
_BREAK = re.compile(rb'(?:\r?\n|\\r\\n|\\n)[ \t]*\Z')
_MARGIN = 120
# From so many digits on a run is decoded only if it begins like a text.
_LONG = 4096
_ESCAPES = re.compile(rb'\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]')
_PERCENTS = re.compile(rb'%[0-9a-fA-F]{2}')
_ENTITIES = re.compile(rb'&(?:#|quot|apos|equals|colon)')
_CHARACTERS = (
    (_ESCAPES, encoded.escapes, 'escapes'),
    (_PERCENTS, encoded.percent, 'percent-encoding'),
    (_ENTITIES, encoded.entities, 'HTML entities'),
)
_MAIL = re.compile(rb'(?i)quoted-printable')
_MAIL_SIGN = 16
_BOUNDARY = re.compile(rb'\n[ \t]*--(?!---(?:BEGIN|END))\S')
_BASIC = re.compile(rb'(?i)basic[ \t]+\Z')
_LOGIN = re.compile(rb'[^\s:]{6,128}:[^\s:]{16,200}')
_YAML = re.compile(rb'(?m)\A\s*[\w.\-"]+:(?:[ \t]|\r?$)')
JOINED = 'constant expression'
_CLEAR_KINDS = NAME_KINDS - DECODED_KINDS


class Run(NamedTuple):
    """An encoded run `start:end` of a text, what it stands for, and the name of its encoding. `frame` stands around the decoded text.

    `header` is how many bytes before the run its encoding is told.
    """

    start: int
    end: int
    decoded: Decoded
    label: str
    frame: bytes = b''
    header: int = 0


class DecodedSpan(NamedTuple):
    """Decoded bytes of a text, and by which layers they were reached: `base64 of gzip`."""

    start: int
    end: int
    label: str


Level = tuple[DecodedSpan, ...]


class DecodedText(NamedTuple):
    """A text with its layers written out, what the gate sees in it, and what was left as it was.

    `levels` says where layers lie, those of the first decoding first; within a level they are in order and apart.
    """

    fragment: Fragment
    matches: list[Match]
    levels: tuple[Level, ...]
    unread: tuple[str, ...] = ()

    def label(self, spans: Iterable[tuple[int, int]]) -> str:
        """The innermost layer that any of the spans touches, empty where none does."""
        found = [
            stretch.label
            for start, end in spans
            for level in self.levels
            if (stretch := _at(level, start, end))
        ]
        return max(found, key=len, default='')


def _at(level: Level, start: int, end: int) -> DecodedSpan | None:
    """The last stretch of a level that a span touches."""
    index = bisect_left(level, end, key=lambda stretch: stretch.start) - 1
    return level[index] if index >= 0 and start < level[index].end else None


def decode(fragment: Fragment, matches: Sequence[Match], pack: Pack) -> DecodedText | None:
    """Write out what is encoded in a text; None for nearly all texts. `matches` are those of the text."""
    levels: list[Level] = []
    unread: list[str] = []
    left = MOST_BYTES
    made = fragment
    found = list(matches)
    while True:
        runs = _apart(_runs(made.data, found, pack, unread), levels[-1] if levels else None)
        if not runs:
            break
        written, more = _written(made, runs, levels)
        if not any(_tells(written.data, stretch, pack) for stretch in more[-1]):
            break
        left -= sum(len(run.decoded.data) for run in runs)
        if len(levels) == DEPTH or left < 0:
            unread.append(
                f'more than {MOST_BYTES >> 20} MB come out of it'
                if left < 0
                else f'nested more than {DEPTH} deep'
            )
            break
        made, levels = written, more
        found = _match(made.data, pack)
    if not levels and not unread:
        return None
    settings = tuple(setting for level in levels for setting in _settings(made.data, level))
    return DecodedText(
        made._replace(settings=settings), found, tuple(levels), tuple(dict.fromkeys(unread))
    )


def _apart(runs: Iterable[Run], level: Level | None) -> list[Run]:
    """The runs in order, none over another; with a level only those that begin in one of its stretches."""
    found: list[Run] = []
    for run in sorted(runs, key=lambda run: (run.start, -run.end)):
        if (level is None or _is_nested(run, level)) and (not found or run.start >= found[-1].end):
            found.append(run)
    return found


def _tells(data: bytes, stretch: DecodedSpan, pack: Pack) -> bool:
    """Whether the gate sees anything in a decoded stretch, with something of what stands around it."""
    first = max(0, stretch.start - _REACH)
    return any(
        stretch.start < first + end <= stretch.end + 1
        for _, end in _match(data[first : stretch.end + _BEHIND], pack)
    )


def _match(data: bytes, pack: Pack) -> list[Match]:
    return filter_matches(data, pack.matcher.find_leak_matches(data))


def _is_nested(run: Run, level: Level) -> bool:
    """Whether a run begins in a decoded stretch. Headers of a mail that was decoded stay what they are."""
    first = run.start - run.header
    stretch = _at(level, first, first + 1)
    return stretch is not None and not (run.header and stretch.label.endswith(run.label))


def _written(
    fragment: Fragment, runs: list[Run], levels: list[Level]
) -> tuple[Fragment, list[Level]]:
    """The text with its runs decoded, and where all decoded stretches lie in it."""
    parts: list[bytes] = []
    pieces: list[Piece] = []
    moves: list[tuple[int, int]] = [(0, 0)]  # from which offset on everything lies where
    new: list[DecodedSpan] = []
    length = position = 0
    for run in runs:
        before = fragment.data[position : run.start]
        pieces += cut(fragment.pieces, position, run.start, length)
        parts += [before, run.frame, run.decoded.data, run.frame[-1:]]
        at = length + len(before) + len(run.frame)
        pieces += [_moved(piece, fragment, run.start, at) for piece in run.decoded.pieces]
        outer = _at(levels[-1], run.start, run.end) if levels else None
        new.append(
            DecodedSpan(
                at,
                at + len(run.decoded.data),
                f'{outer.label} of {run.label}' if outer else run.label,
            )
        )
        length = at + len(run.decoded.data) + len(run.frame[-1:])
        position = run.end
        moves.append((position, length))
    pieces += cut(fragment.pieces, position, len(fragment.data), length)
    parts.append(fragment.data[position:])
    kept = [
        tuple(
            DecodedSpan(_after(moves, one.start), _after(moves, one.end), one.label)
            for one in level
        )
        for level in levels
    ]
    return Fragment(b''.join(parts), tuple(pieces), fragment.cell, fragment.container), [
        *kept,
        tuple(new),
    ]


def _after(moves: list[tuple[int, int]], offset: int) -> int:
    """Where an offset outside of the runs lies afterwards."""
    old, new = moves[bisect_right(moves, offset, key=lambda move: move[0]) - 1]
    return new + offset - old


def _moved(piece: Piece, fragment: Fragment, start: int, at: int) -> Piece:
    """A piece of a decoded run as a piece of the new text: through the old text to the blob, in one step where that is unbroken there."""
    groups = -(-piece.length // piece.step)
    first = start + piece.blob_start
    last = first + max(1, groups * piece.scale)
    place, stop = to_blob(fragment, first, last)
    if stop - place == last - first:
        return piece._replace(start=at + piece.start, blob_start=place)
    return Piece(at + piece.start, place, piece.length, stop - place, piece.length)


def _settings(data: bytes, level: Level) -> Iterator[Setting]:
    """The settings of decoded documents."""
    for stretch in level:
        text = data[stretch.start : stretch.end]
        kind = (
            'json'
            if text.lstrip()[:1] in (b'{', b'[')
            else 'yaml'
            if b'\n' in text and _YAML.match(text)
            else ''
        )
        if kind:
            for setting in read_settings(ParsedText(text), FORMATS[kind], ''):
                yield setting._replace(
                    start=setting.start + stretch.start, end=setting.end + stretch.start
                )


# Runs


def _runs(data: bytes, matches: Sequence[Match], pack: Pack, unread: list[str]) -> Iterator[Run]:
    """What can be decoded in a text; `unread` takes what is too large."""
    ends = sorted({end for pattern, end in matches if pattern.kind == 'encoded'})
    done = lines = 0
    for first, last in _near(data, ends):
        start, lines = max(_line_start(data, first), lines), max(_line_end(data, last), lines)
        yield from _escaped(data, start, lines)
        for start, end in _wholes(data, max(first, done), last):
            done = end
            run = _decoded(data, start, end, unread)
            if run is not None:
                yield run
    yield from _mails(data, ends)
    yield from _bound(data, matches, pack)
    joins = [end for pattern, end in matches if pattern.kind == 'expression']
    if joins:
        yield from _folded(data, joins)


def _near(data: bytes, ends: list[int]) -> Iterator[tuple[int, int]]:
    """DecodedSpanes of lines around places, merged."""
    last = None
    for end in ends:
        low, high = max(0, end - _REACH), min(len(data), end + _REACH)
        start = data.rfind(b'\n', low, max(low, end - 1)) + 1 or low
        stop = data.find(b'\n', end, high)
        span = (start, stop if stop >= 0 else high)
        if last is not None and span[0] <= last[1]:
            last = (last[0], max(last[1], span[1]))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _wholes(data: bytes, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The runs of digits in a stretch, each with all of its lines."""
    position = first
    while run := _RUN.search(data, position, last):
        start, end = _unwrapped(
            data, digits_before(data, run.start()), digits_behind(data, run.end())
        )
        position = max(end, run.end())
        if not _is_jwt(data, start, end):
            yield start, end


def _unwrapped(data: bytes, start: int, end: int) -> tuple[int, int]:
    """A run with the lines before and after it that belong to it."""
    width = end - start
    while start > 0 and end - start < LONGEST_RUN:
        margin = _BREAK.search(data[max(0, start - _MARGIN) : start])
        if margin is None:
            break
        stop = max(0, start - _MARGIN) + margin.start()
        above = digits_before(data, stop)
        if stop - above < max(_WRAPPED, width if end - start > width else 0):
            break
        start, width = above, stop - above
    if data[end - 1 : end] != b'=' and width >= _WRAPPED:
        while (line := _NEXT.match(data, end)) and end - start < LONGEST_RUN:
            end = line.end()
            if len(line.group(1)) < width or data[end - 1 : end] == b'=':
                break
    return start, end


def _is_jwt(data: bytes, start: int, end: int) -> bool:
    """Whether the run is a part of a signed token, which is judged as a whole."""
    return data[end : end + 1] == b'.' or data[start - 1 : start] == b'.'


def _decoded(data: bytes, start: int, end: int, unread: list[str]) -> Run | None:
    """A run of digits as the text that it stands for."""
    if end - start > LONGEST_RUN:
        unread.append(f'a run of more than {LONGEST_RUN >> 20} MB that looks encoded')
        return None
    run = data[start:end]
    if not run.startswith((b'//4', b'//5')):  # the mark of UTF-16
        run = run.lstrip(b'/+-_')
        start = end - len(run)
    if _HEX.fullmatch(run):
        found = encoded.hexadecimal(run)
        return (
            Run(start, end, found, 'hex', _frame(found.data))
            if found and is_text(found.data)
            else None
        )
    found = encoded.base64(run) if len(run) < _LONG or encoded.promises_text(run) else None
    if found is None:
        return None
    if is_text(found.data):
        return _of_base64(data, start, end, found)
    wide = encoded.wide(found.data)
    if wide is not None:
        return (
            Run(start, end, encoded.whole(found, wide, run), 'base64 of UTF-16', _frame(wide))
            if is_text(wide)
            else None
        )
    try:
        text = encoded.inflated(found.data, MOST_BYTES)
    except TooLarge:
        unread.append(f'more than {MOST_BYTES >> 20} MB come out of a compressed run')
        return None
    return (
        Run(start, end, encoded.whole(found, text, run), 'base64 of gzip', _frame(text))
        if text and is_text(text)
        else None
    )


def _of_base64(data: bytes, start: int, end: int, found: Decoded) -> Run:
    """A decoded run; behind `Basic` stand a name and a password, written so that detection knows them for that."""
    if _LOGIN.fullmatch(found.data) and _BASIC.search(data, max(0, start - 16), start):
        return Run(start, end, found, 'base64', b'-u ')
    return Run(start, end, found, 'base64', _frame(found.data))


def _frame(text: bytes) -> bytes:
    """Documents stand on lines of their own."""
    return b'\n' if b'\n' in text or b'{' in text[:1] else b''


def _line_start(data: bytes, at: int) -> int:
    low = max(0, at - _LONGEST_LINE)
    return data.rfind(b'\n', low, at) + 1 or low


def _line_end(data: bytes, at: int) -> int:
    stop = data.find(b'\n', at, at + _LONGEST_LINE)
    return stop if stop >= 0 else min(len(data), at + _LONGEST_LINE)


def _escaped(data: bytes, start: int, stop: int) -> Iterator[Run]:
    """What is escaped in some lines."""
    line = data[start:stop]
    for sign, decode, label in _CHARACTERS:
        signs = list(sign.finditer(line))
        if not signs:
            continue
        begin, end = signs[0].start(), digits_behind(line, signs[-1].end())
        end = end + 1 if line[end : end + 1] == b';' else end
        found = decode(line[begin:end])
        if found is not None and is_text(found.data):
            yield Run(start + begin, start + end, found, label)
            return


def _mails(data: bytes, ends: list[int]) -> Iterator[Run]:
    """Parts of mails in quoted-printable: from the header to the next boundary."""
    stop = 0
    for end in ends:
        if end < stop or not _MAIL.fullmatch(data, end - _MAIL_SIGN, end):
            continue
        boundary = _BOUNDARY.search(data, end, end + _LONGEST_MAIL)
        stop = boundary.start() if boundary else min(len(data), end + _LONGEST_MAIL)
        found = encoded.quoted_printable(data[end:stop])
        if found is not None:
            yield Run(end, stop, found, 'quoted-printable', header=_MAIL_SIGN)


def _bound(data: bytes, matches: Sequence[Match], pack: Pack) -> Iterator[Run]:
    """Runs under a telling name whose digits spell text: those in which the gate saw a value begin."""
    done = 0
    for pattern, end in matches:
        if pattern.kind not in _CLEAR_KINDS or end <= done:
            continue
        start, done = digits_before(data, end - 1), digits_behind(data, end)
        if (
            done - start < _SHORTEST
            or not may_be_text(data, start)
            or WORDY.fullmatch(data, start, done)
            or _is_jwt(data, start, done)
        ):
            continue
        run = _decoded(data, start, done, [])
        if run is not None and pack.role_of(name_before(data, start)[0])[0]:
            yield run


def _folded(data: bytes, ends: list[int]) -> Iterator[Run]:
    """Texts that code puts together from constants."""
    from keylint.readers.constant_folding import folds  # noqa: PLC0415 - only where code does so

    ranges: list[tuple[int, int]] = []
    for end in ends:
        is_behind = data.startswith(b'join(', end - 5)  # what is joined stands before
        call = data.rfind(b'(', max(0, end - _LONGEST_CALL), end)
        first = (
            lines_around(data, end)[0]
            if is_behind
            else data.rfind(b'\n', max(0, end - _LONGEST_LINE), call if call >= 0 else end) + 1
        )
        ranges.append((max(first, ranges[-1][1] if ranges else 0), end))
    for fold in folds(data, ranges):
        if not WORDY.fullmatch(fold.data):
            yield Run(fold.start, fold.end, Decoded(fold.data, fold.pieces), JOINED, b'"')
