"""Write out what is encoded in a text at its place, layer by layer, with the way back to its bytes.

docs/layers.md says what is read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Fragment, OffsetSegment, Setting
from keylint.core.records import NamedTuple
from keylint.core.spans import map_to_blob
from keylint.detect.encoded_runs import MAX_DECODED_BYTES, Run, find_runs
from keylint.matcher.common_ranges import CommonRange
from keylint.matcher.incremental import Version, match_rewritten
from keylint.matcher.match import Match
from keylint.matcher.prefilter import filter_matches
from keylint.readers.formats import FORMATS
from keylint.readers.parsed import ParsedText
from keylint.readers.settings import read_settings
from keylint.readers.string_joins import cut_pieces
from keylint.rules.rule_set import RuleSet

MAX_LAYERS = 3
# Bytes before and behind a decoded span in which its matches may begin and end.
_BYTES_BEFORE = 400
_BYTES_BEHIND = 16
_YAML = defer_regex(rb'(?m)\A\s*[\w.\-"]+:(?:[ \t]|\r?$)')


class DecodedSpan(NamedTuple):
    """Decoded bytes of a text, and by which layers they were reached: `base64 of gzip`."""

    start: int
    end: int
    label: str


Layer = tuple[DecodedSpan, ...]


class DecodedText(NamedTuple):
    """A text with its layers written out, what matches in it, and what was left as it was.

    `layers` hold the decoded spans, those of the first decoding first; within a layer they are in
    order and apart. `unread` says why something was not decoded.
    """

    fragment: Fragment
    matches: list[Match]
    layers: tuple[Layer, ...]
    unread: tuple[str, ...] = ()

    def label(self, spans: Iterable[tuple[int, int]]) -> str:
        """Return the label of the innermost layer that any span touches, empty for none."""
        found = [
            span.label
            for start, end in spans
            for layer in self.layers
            if (span := _find_span(layer, start, end))
        ]
        return max(found, key=len, default='')


def _find_span(layer: Layer, start: int, end: int) -> DecodedSpan | None:
    """Return the last decoded span of a layer that `start:end` touches."""
    index = bisect_left(layer, end, key=lambda span: span.start) - 1
    return layer[index] if index >= 0 and start < layer[index].end else None


def decode_layers(
    fragment: Fragment, matches: Sequence[Match], pack: RuleSet
) -> DecodedText | None:
    """Write out what is encoded in a text; None for nearly all texts.

    `matches` are those of the text. Layers in layers are decoded until nothing matches in them, or
    `MAX_LAYERS` or `MAX_DECODED_BYTES` is reached, which `DecodedText.unread` says.
    """
    layers: list[Layer] = []
    unread: list[str] = []
    left = MAX_DECODED_BYTES
    text = fragment
    found = list(matches)
    while runs := _select_runs(find_runs(text.data, found, pack, unread), layers):
        written, more, ranges = _write_runs(text, runs, layers)
        if not any(_has_matches(written.data, span, pack) for span in more[-1]):
            break
        left -= sum(len(run.decoded.data) for run in runs)
        if left < 0:
            unread.append(f'more than {MAX_DECODED_BYTES >> 20} MB come out of it')
            break
        if len(layers) == MAX_LAYERS:
            unread.append(f'nested more than {MAX_LAYERS} deep')
            break
        found = match_rewritten(Version(text.data, found), written.data, ranges, pack.matcher)
        text, layers = written, more
    if not layers and not unread:
        return None
    settings = tuple(
        setting for layer in layers for span in layer for setting in _read_span(text.data, span)
    )
    return DecodedText(
        text._replace(settings=settings), found, tuple(layers), tuple(dict.fromkeys(unread))
    )


def _select_runs(runs: Iterable[Run], layers: list[Layer]) -> list[Run]:
    """Select runs in order, none over another; in decoded text only those that begin in a span."""
    found: list[Run] = []
    for run in sorted(runs, key=lambda run: (run.start, -run.end)):
        if (not layers or _is_nested(run, layers[-1])) and (
            not found or run.start >= found[-1].end
        ):
            found.append(run)
    return found


def _has_matches(data: bytes, span: DecodedSpan, pack: RuleSet) -> bool:
    """Tell whether anything matches in a decoded span, with some of the text around it."""
    first = max(0, span.start - _BYTES_BEFORE)
    return any(
        span.start < first + end <= span.end + 1
        for _, end in _match(data[first : span.end + _BYTES_BEHIND], pack)
    )


def _match(data: bytes, pack: RuleSet) -> list[Match]:
    return filter_matches(data, pack.matcher.find_leak_matches(data))


def _is_nested(run: Run, layer: Layer) -> bool:
    """Tell whether a run begins in a decoded span.

    The header of a mail that was decoded still stands there: its part is not decoded again.
    """
    first = run.start - run.header
    span = _find_span(layer, first, first + 1)
    return span is not None and not (run.header and span.label.endswith(run.label))


def _write_runs(
    fragment: Fragment, runs: list[Run], layers: list[Layer]
) -> tuple[Fragment, list[Layer], list[CommonRange]]:
    """Return the text with its runs decoded, where all decoded spans lie in it, and what stayed."""
    parts: list[bytes] = []
    pieces: list[OffsetSegment] = []
    moves: list[tuple[int, int]] = [(0, 0)]  # old offset and new offset of what stays as it was
    ranges: list[CommonRange] = []
    spans: list[DecodedSpan] = []
    length = position = 0
    for run in runs:
        before = fragment.data[position : run.start]
        ranges.append(CommonRange(position, length, len(before)))
        pieces += cut_pieces(fragment.pieces, position, run.start, length)
        parts += [before, run.separator, run.decoded.data, run.separator[-1:]]
        at = length + len(before) + len(run.separator)
        pieces += [_move_piece(piece, fragment, run.start, at) for piece in run.decoded.pieces]
        outer = _find_span(layers[-1], run.start, run.end) if layers else None
        label = f'{outer.label} of {run.label}' if outer else run.label
        end = at + len(run.decoded.data)
        spans.append(DecodedSpan(at, end, label))
        length = end + len(run.separator[-1:])
        position = run.end
        moves.append((position, length))
    pieces += cut_pieces(fragment.pieces, position, len(fragment.data), length)
    parts.append(fragment.data[position:])
    ranges.append(CommonRange(position, length, len(parts[-1])))
    text = Fragment(b''.join(parts), tuple(pieces), fragment.cell, fragment.container)
    return text, [*(_move_layer(layer, moves) for layer in layers), tuple(spans)], ranges


def _move_layer(layer: Layer, moves: list[tuple[int, int]]) -> Layer:
    return tuple(
        DecodedSpan(_move_offset(moves, span.start), _move_offset(moves, span.end), span.label)
        for span in layer
    )


def _move_offset(moves: list[tuple[int, int]], offset: int) -> int:
    """Return where an offset outside of the runs lies in the new text."""
    old, new = moves[bisect_right(moves, offset, key=lambda move: move[0]) - 1]
    return new + offset - old


def _move_piece(piece: OffsetSegment, fragment: Fragment, start: int, at: int) -> OffsetSegment:
    """Make a piece of a run that began at `start` a piece of the new text, where it begins at `at`.

    It leads through the old text to the blob, in one step where that is unbroken there.
    """
    groups = -(-piece.length // piece.step)
    first = start + piece.blob_start
    last = first + max(1, groups * piece.scale)
    place, stop = map_to_blob(fragment, first, last)
    if stop - place == last - first:
        return piece._replace(start=at + piece.start, blob_start=place)
    return OffsetSegment(at + piece.start, place, piece.length, stop - place, piece.length)


def _read_span(data: bytes, span: DecodedSpan) -> Iterator[Setting]:
    """Yield the settings of a decoded document."""
    text = data[span.start : span.end]
    if text.lstrip()[:1] in (b'{', b'['):
        kind = 'json'
    elif b'\n' in text and _YAML.match(text):
        kind = 'yaml'
    else:
        return
    for setting in read_settings(ParsedText(text), FORMATS[kind], ''):
        yield setting._replace(start=setting.start + span.start, end=setting.end + span.start)
