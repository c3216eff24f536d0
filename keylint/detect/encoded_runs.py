"""Find the encoded runs of a text, each with what it stands for.

Something is decoded only where there is a sign of it: what the matcher knows by itself (telling
words in base64 or hex, escapes side by side, calls that decode), or a telling name before a run.
And only text counts: images, hashes and keys do not decode to any. docs/layers.md says what is
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.records import NamedTuple
from keylint.detect.encoding_hints import find_digits_end, find_digits_start, may_be_text
from keylint.matcher.match import DECODED_KINDS, NAME_KINDS, Match
from keylint.matcher.prefilter import find_lines_around
from keylint.matcher.word_runs import WORDY
from keylint.readers import codecs
from keylint.readers.codecs import Decoded, StreamTooLargeError, is_text
from keylint.readers.constant_folding import find_uses, fold_constants
from keylint.rules.rule_set import RuleSet
from keylint.syntax.values import find_name

# Bytes of one encoded run, and bytes that may come out of one text in all.
MAX_RUN_BYTES = 8 << 20
MAX_DECODED_BYTES = 16 << 20
JOINED = 'constant expression'
_MIN_BOUND_DIGITS = 16
# Bytes around a match in which encoded runs are searched.
_CONTEXT_BYTES = 400
_MAX_LINE_BYTES = 1 << 15
_MAX_MAIL_BYTES = 1 << 20
_MAX_CALL_BYTES = 100
_RUN = defer_regex(rb'(?:0[xX])?[A-Za-z0-9+/_\-]{16,}={0,2}')
_HEX = defer_regex(rb'(?:0[xX])?(?:[0-9a-fA-F]{2}){16,}')
# The lines of a wrapped run have at least this many digits; the last one may have fewer.
_MIN_WRAPPED_DIGITS = 40
_NEXT_LINE = defer_regex(
    rb'(?:\r?\n|\\r\\n|\\n)[ \t]*([A-Za-z0-9+/_\-]+={0,2})(?![A-Za-z0-9+/_\-=:. (])'
)
_LINE_BREAK = defer_regex(rb'(?:\r?\n|\\r\\n|\\n)[ \t]*\Z')
_MAX_MARGIN_BYTES = 120
# A run with more digits is decoded only if it begins like a text.
_MAX_ANY_DIGITS = 4096
_ESCAPES = defer_regex(
    rb'\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{1,6}\}|\\U[0-9a-fA-F]{8}'
)
_PERCENTS = defer_regex(rb'%[0-9a-fA-F]{2}')
_ENTITIES = defer_regex(rb'&(?:#|quot|apos|equals|colon)')
_CHARACTERS = (
    (_ESCAPES, codecs.decode_backslashes, 'escapes'),
    (_PERCENTS, codecs.decode_percent, 'percent-encoding'),
    (_ENTITIES, codecs.decode_entities, 'HTML entities'),
)
_MAIL = defer_regex(rb'(?i)quoted-printable')
_MAIL_BYTES = 16
_BOUNDARY = defer_regex(rb'\n[ \t]*--(?!---(?:BEGIN|END))\S')
_BASIC = defer_regex(rb'(?i)basic[ \t]+\Z')
_BASIC_BYTES = 16
_LOGIN = defer_regex(rb'[^\s:]{6,128}:[^\s:]{16,200}')
_CLEAR_KINDS = NAME_KINDS - DECODED_KINDS


class Run(NamedTuple):
    """An encoded run `start:end` of a text, what it stands for, and the name of its encoding.

    `separator` stands around the decoded text. `header` counts the bytes right before the run that
    name its encoding.
    """

    start: int
    end: int
    decoded: Decoded
    label: str
    separator: bytes = b''
    header: int = 0


def find_runs(
    data: bytes, matches: Sequence[Match], pack: RuleSet, unread: list[str]
) -> Iterator[Run]:
    """Yield what can be decoded in a text. What is too large is named in `unread` instead."""
    ends = sorted({end for pattern, end in matches if pattern.kind == 'encoded'})
    done = lines = 0
    for first, last in _list_ranges(data, ends):
        start = max(_find_line_start(data, first), lines)
        lines = max(_find_line_end(data, last), lines)
        yield from _find_escapes(data, start, lines)
        for start, end in _find_digits(data, max(first, done), last):
            done = end
            run = _decode_run(data, start, end, unread)
            if run is not None:
                yield run
    yield from _find_mails(data, ends)
    yield from _find_bound_runs(data, matches, pack)
    joins = [end for pattern, end in matches if pattern.kind == 'expression']
    if joins:
        yield from _fold_constants(data, joins)


def _list_ranges(data: bytes, ends: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges around offsets, cut at their lines and merged."""
    last = None
    for end in ends:
        low, high = max(0, end - _CONTEXT_BYTES), min(len(data), end + _CONTEXT_BYTES)
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


def _find_digits(data: bytes, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of digits that begin in `data[first:last]`, each with all of its lines."""
    position = first
    while run := _RUN.search(data, position, last):
        start, end = _unwrap(
            data, find_digits_start(data, run.start()), find_digits_end(data, run.end())
        )
        position = max(end, run.end())
        if not _is_jwt_part(data, start, end):
            yield start, end


def _unwrap(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Extend a run to the lines before and after it that belong to it."""
    width = end - start
    while start > 0 and end - start < MAX_RUN_BYTES:
        low = max(0, start - _MAX_MARGIN_BYTES)
        margin = _LINE_BREAK.search(data[low:start])
        if margin is None:
            break
        stop = low + margin.start()
        above = find_digits_start(data, stop)
        if stop - above < max(_MIN_WRAPPED_DIGITS, width if end - start > width else 0):
            break
        start, width = above, stop - above
    if data[end - 1 : end] != b'=' and width >= _MIN_WRAPPED_DIGITS:
        while (line := _NEXT_LINE.match(data, end)) and end - start < MAX_RUN_BYTES:
            end = line.end()
            if len(line.group(1)) < width or data[end - 1 : end] == b'=':
                break
    return start, end


def _is_jwt_part(data: bytes, start: int, end: int) -> bool:
    """Tell whether the run is a part of a signed token, which is judged as a whole."""
    return data[end : end + 1] == b'.' or data[start - 1 : start] == b'.'


def _decode_run(data: bytes, start: int, end: int, unread: list[str]) -> Run | None:
    """Decode a run of digits; None where it stands for no text."""
    if end - start > MAX_RUN_BYTES:
        unread.append(f'a run of more than {MAX_RUN_BYTES >> 20} MB that looks encoded')
        return None
    digits = data[start:end]
    if not digits.startswith((b'//4', b'//5')):  # the mark of UTF-16
        digits = digits.lstrip(b'/+-_')
        start = end - len(digits)
    if _HEX.fullmatch(digits):
        found = codecs.decode_hex(digits)
        return _make_run(start, end, found, 'hex') if found and is_text(found.data) else None
    if len(digits) >= _MAX_ANY_DIGITS and not codecs.promises_text(digits):
        return None
    found = codecs.decode_base64(digits)
    if found is None:
        return None
    if not is_text(found.data):
        return _decode_binary(start, end, found, digits, unread)
    # Behind `Basic` stand a name and a password: they are written so that detection knows them.
    if _LOGIN.fullmatch(found.data) and _BASIC.search(data, max(0, start - _BASIC_BYTES), start):
        return Run(start, end, found, 'base64', b'-u ')
    return _make_run(start, end, found, 'base64')


def _decode_binary(
    start: int, end: int, found: Decoded, digits: bytes, unread: list[str]
) -> Run | None:
    """Decode UTF-16 and gzip in decoded base64; None where there is no text in it."""
    label = 'base64 of UTF-16'
    text = codecs.narrow_utf16(found.data)
    if text is None:
        label = 'base64 of gzip'
        try:
            text = codecs.inflate(found.data, MAX_DECODED_BYTES)
        except StreamTooLargeError:
            unread.append(f'more than {MAX_DECODED_BYTES >> 20} MB come out of a compressed run')
        if not text:
            return None
    if not is_text(text):
        return None
    return _make_run(start, end, codecs.map_as_whole(found, text, digits), label)


def _make_run(start: int, end: int, found: Decoded, label: str) -> Run:
    """Make a run of a decoded text. Documents stand on lines of their own."""
    text = found.data
    return Run(start, end, found, label, b'\n' if b'\n' in text or b'{' in text[:1] else b'')


def _find_line_start(data: bytes, at: int) -> int:
    low = max(0, at - _MAX_LINE_BYTES)
    return data.rfind(b'\n', low, at) + 1 or low


def _find_line_end(data: bytes, at: int) -> int:
    stop = data.find(b'\n', at, at + _MAX_LINE_BYTES)
    return stop if stop >= 0 else min(len(data), at + _MAX_LINE_BYTES)


def _find_escapes(data: bytes, start: int, stop: int) -> Iterator[Run]:
    """Yield what is escaped in some lines: all of it as one run."""
    line = data[start:stop]
    for sign, decode, label in _CHARACTERS:
        signs = list(sign.finditer(line))
        if not signs:
            continue
        begin, end = signs[0].start(), find_digits_end(line, signs[-1].end())
        end = end + 1 if line[end : end + 1] == b';' else end
        found = decode(line[begin:end])
        if found is not None and is_text(found.data):
            yield Run(start + begin, start + end, found, label)
            return


def _find_mails(data: bytes, ends: list[int]) -> Iterator[Run]:
    """Yield the parts of mails in quoted-printable: from the header to the next boundary."""
    stop = 0
    for end in ends:
        if end < stop or not _MAIL.fullmatch(data, end - _MAIL_BYTES, end):
            continue
        boundary = _BOUNDARY.search(data, end, end + _MAX_MAIL_BYTES)
        stop = boundary.start() if boundary else min(len(data), end + _MAX_MAIL_BYTES)
        found = codecs.decode_quoted_printable(data[end:stop])
        if found is not None:
            yield Run(end, stop, found, 'quoted-printable', header=_MAIL_BYTES)


def _find_bound_runs(data: bytes, matches: Sequence[Match], pack: RuleSet) -> Iterator[Run]:
    """Yield the runs under a telling name whose digits spell text.

    The matcher saw that a value begins there.
    """
    done = 0
    for pattern, end in matches:
        if pattern.kind not in _CLEAR_KINDS or end <= done:
            continue
        start, done = find_digits_start(data, end - 1), find_digits_end(data, end)
        if (
            done - start < _MIN_BOUND_DIGITS
            or not may_be_text(data, start)
            or WORDY.fullmatch(data, start, done)
            or _is_jwt_part(data, start, done)
        ):
            continue
        run = _decode_run(data, start, done, [])
        if run is not None and pack.has_role(find_name(data, start, pack.has_role).text):
            yield run


def _fold_constants(data: bytes, ends: list[int]) -> Iterator[Run]:
    """Yield the texts that code puts together from constants; the expressions end at `ends`."""
    ranges: list[tuple[int, int]] = []
    for end in sorted({*ends, *find_uses(data, ends)}):
        first = max(_find_expression_start(data, end), ranges[-1][1] if ranges else 0)
        ranges.append((first, end))
    for fold in fold_constants(data, ranges):
        if not WORDY.fullmatch(fold.data):
            yield Run(fold.start, fold.end, Decoded(fold.data, fold.pieces), JOINED, b'"')


def _find_expression_start(data: bytes, end: int) -> int:
    """Return where to look from for the names and texts of an expression that ends at `end`."""
    if data.startswith(b'join(', end - 5):  # what is joined stands before
        return find_lines_around(data, end)[0]
    call = data.rfind(b'(', max(0, end - _MAX_CALL_BYTES), end)
    return data.rfind(b'\n', max(0, end - _MAX_LINE_BYTES), call if call >= 0 else end) + 1
