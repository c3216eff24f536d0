"""Find and apply comments that accept a finding.

`keylint: ignore[rule] reason`, and those of other scanners. A comment accepts the part of a
credential on its own line; the credential as a whole only where its leading part stands there.
Other scanners do not know an exchange's key from a test value: their words accept nothing that has
an issuer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

from keylint.core.errors import suggest_word
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Finding, FindingPart, Suppression
from keylint.core.report import ScanWarning
from keylint.core.terms import KIND_WORDS, LEADING
from keylint.findings.comments import CommentMap, map_comments
from keylint.readers.formats import ending_of
from keylint.rules.builtin import GENERIC_RULES

_OWN = defer_regex(
    rb'(?<!`)(?P<sign>#|//|/\*|<!--|--|;|%|\'|\bREM\b|\brem\b)'
    rb'[ \t]*keylint:[ \t]*(?:ignore(?![\w-])(?:\[(?P<rules>[^\]\n]*)\])?'
    rb'|(?P<other>(?:ignore|disable|allow|skip|suppress|noqa|nosec)[\w-]*))'
    rb'[ \t]*(?P<reason>[^\r\n]*)',
    re.IGNORECASE,
)
_SAME_LINE = defer_regex(
    rb'gitleaks:allow|pragma:[ \t]*(?:allow|white)list[ \t]+secret'
    rb'|trufflehog:ignore|kingfisher:ignore|betterleaks:allow'
    rb'|\bnosec\b(?=[ \t:]*(?:B10[567]\b|\#|\r|\n|\Z|\*/|-->))'
    rb'|noqa:[ \t]*[A-Z0-9, \t]*\bS10[567]\b',
    re.IGNORECASE,
)
_NEXT_LINE = defer_regex(
    rb'pragma:[ \t]*(?:allow|white)list[ \t]+nextline[ \t]+secret', re.IGNORECASE
)
_BARE_COMMENT = defer_regex(rb'[\s>*"\',+\-]*')
_CLOSING = defer_regex(rb'(?:\*/|-->|["\'],?|\\n["\']?,?)?$')
# A line of a notebook's cell, as JSON writes it: the comment stands within the string.
_NOTEBOOK_LINE = defer_regex(rb'[ \t]*"(?P<text>(?:[^"\\]|\\.)*+)"?,?[ \t]*[\r\n]*')


_CHUNK_BYTES = 1 << 20
_LONGEST_MARK_BYTES = 8
_MAX_LINE_BYTES = 10_000
_MAX_MEANT = 3
# On a longer line, as minified files and exports have them, a mark reaches so many characters.
_REACH_CHARS = 300
_WORDS = (b'keylint:', b':allow', b'pragma:', b':ignore', b'noqa', b'nosec')
# Rules that only the whole tree can break: the file alone cannot tell that a comment for them is
# unused.
_OF_REPOSITORY = frozenset(
    """keys-drift keys-too-many key-unused key-undeclared key-exceeds-code code-withdraws
    code-transfers""".split()
)


def find_suppressions(data: bytes, starts: list[int], path: str = '') -> list[Suppression]:
    """Find all suppressions of a text whose lines start at the offsets `starts`.

    `path` tells what is a comment there.
    """
    spans = [
        (index, start, end)
        for index, start, end in _list_marked_lines(data, starts)
        if end - start < _MAX_LINE_BYTES
    ]
    if not spans:
        return []
    found: list[Suppression] = []
    is_notebook = ending_of(path) == 'ipynb'
    marks = CommentMap((), ()) if is_notebook else map_comments(data, path)
    for index, start, end in spans:
        text = data[start:end]
        if is_notebook:
            found += _find_in_notebook_line(text, index + 1)
        else:
            found += _find_in_line(text, index + 1, _cut_map(marks, start, end))
    return found


def _list_marked_lines(data: bytes, starts: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield index, start and end of each line that has a word of a suppression."""
    last = -1
    for offset in sorted(_find_words(data)):
        index = bisect_right(starts, offset) - 1
        if index != last:
            last = index
            yield index, starts[index], starts[index + 1] if index + 1 < len(starts) else len(data)


def _find_words(data: bytes) -> set[int]:
    """Find where words of suppressions stand, in pieces: a text may be too large to copy."""
    found = set()
    for first in range(0, len(data), _CHUNK_BYTES):
        piece = data[first : first + _CHUNK_BYTES + _LONGEST_MARK_BYTES].lower()
        for word in _WORDS:
            at = piece.find(word)
            while at >= 0:
                found.add(first + at)
                at = piece.find(word, at + 1)
    return found


def _cut_map(marks: CommentMap, start: int, end: int) -> CommentMap:
    """Return what of the comments and strings lies on a line, counted from its start."""
    return CommentMap(_cut_spans(marks.comments, start, end), _cut_spans(marks.strings, start, end))


def _cut_spans(
    spans: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[tuple[int, int], ...]:
    first = max(0, bisect_right(spans, (start, start)) - 1)
    cut = []
    for one, other in spans[first:]:
        if one >= end:
            break
        if other > start:
            cut.append((max(one, start) - start, min(other, end) - start))
    return tuple(cut)


def _find_in_notebook_line(text: bytes, line: int) -> list[Suppression]:
    """Find the suppressions of a line of a cell; in a notebook on one line there are none."""
    quoted = _NOTEBOOK_LINE.fullmatch(text)
    if quoted is None:
        return []
    first, last = quoted.span('text')
    inner = map_comments(text[first:last], 'cell.py')
    # Ours are taken over from the quotes on: a cell may begin with one.
    return _find_in_line(
        text, line, CommentMap(tuple((a + first, b + first) for a, b in inner.comments), ())
    )


def _find_in_line(text: bytes, line: int, marks: CommentMap) -> list[Suppression]:
    own = next(iter(_find_own(text, marks)), None)
    if own and own['other']:
        return [Suppression(line, (), (), '', True, is_mistaken=True)]
    if own:
        rules = tuple(
            rule.strip()
            for rule in (own['rules'] or b'').decode('utf-8', 'replace').split(',')
            if rule.strip()
        )
        reason = (
            _CLOSING.sub(b'', own['reason'].rstrip()).strip(b' \t-:').decode('utf-8', 'replace')
        )
        is_bare = _BARE_COMMENT.fullmatch(text, 0, own.start()) is not None
        covers = (line, line + 1) if is_bare else (line,)
        reach = _measure_reach(text, own)
        return [Suppression(line, covers, rules, reason, True, reach, is_bare)]
    for first, last in marks.comments:
        if _NEXT_LINE.search(text, first, last):
            reason = 'pragma: allowlist nextline secret'
            return [Suppression(line, (line + 1,), (), reason, False)]
        peer = _SAME_LINE.search(text, first, last)
        if peer:
            reach = _measure_reach(text, peer)
            return [Suppression(line, (line,), (), peer.group().decode(), False, reach)]
    return []


def _find_own(text: bytes, marks: CommentMap) -> Iterator[re.Match[bytes]]:
    """Find our own marks: in a comment of the language, or as all that a line says.

    On a line of its own any comment sign will do, for files of unknown form.
    """
    for own in _OWN.finditer(text):
        at = own.start()
        is_alone = _BARE_COMMENT.fullmatch(text, 0, at) is not None
        if _is_within(at, marks.comments) or (is_alone and not _is_within(at, marks.strings)):
            yield own


def _is_within(at: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(first <= at < last for first, last in spans)


def _measure_reach(text: bytes, mark: re.Match[bytes]) -> tuple[int, int] | None:
    """Return the columns that a mark reaches on a long line; None where it reaches all."""
    if len(text) <= _REACH_CHARS:
        return None
    column = len(text[: mark.start()].decode('utf-8', 'replace')) + 1
    return max(1, column - _REACH_CHARS), column + _REACH_CHARS


def apply_suppressions(
    finding: Finding, suppressions: Iterable[Suppression]
) -> tuple[Finding, tuple[Suppression, ...]]:
    """Return the finding, marked if a suppression accepts it, and all that touch a part of it.

    One that touches another part than the leading one is not in vain, but leaves the finding open.
    """
    touching: list[Suppression] = []
    accepting: Suppression | None = None
    for suppression in suppressions:
        if not _is_for(suppression, finding):
            continue
        if _accepts_whole(suppression, finding):
            accepting = accepting or suppression
            touching.append(suppression)
        elif any(_covers_part(suppression, part) for part in finding.parts):
            touching.append(suppression)
    if accepting is None:
        return finding, tuple(touching)
    marked = finding._replace(state='suppressed', reason=accepting.reason or None)
    return marked, tuple(touching)


def _is_for(suppression: Suppression, finding: Finding) -> bool:
    """Tell whether a suppression may accept findings of this rule."""
    if not suppression.is_own:
        return finding.rule in GENERIC_RULES
    return not suppression.rules or finding.rule in suppression.rules


def _accepts_whole(suppression: Suppression, finding: Finding) -> bool:
    """Tell whether a suppression stands at the leading part, or above the whole."""
    if not finding.parts:
        place = finding.place
        return place.line in suppression.covers or place.end_line in suppression.covers
    if suppression.is_bare and finding.place.line == suppression.line + 1:
        return True
    return _covers_part(suppression, _leading_part(finding))


def _leading_part(finding: Finding) -> FindingPart:
    return next((part for part in finding.parts if part.role in LEADING), finding.parts[0])


def _covers_part(suppression: Suppression, part: FindingPart) -> bool:
    """Tell whether a part begins or ends on a line that a suppression covers, within its reach."""
    place = part.place
    if suppression.reach is None or suppression.line not in (place.line, place.end_line):
        return place.line in suppression.covers or place.end_line in suppression.covers
    first, last = suppression.reach
    starts = place.column if place.line == suppression.line else 1
    ends = place.end_column if place.end_line == suppression.line else last
    return starts <= last and ends >= first


def complain_about_partial(
    finding: Finding, touching: Iterable[Suppression]
) -> Iterator[ScanWarning]:
    """Name suppressions of ours that accept one part of a finding that stays open."""
    if finding.state == 'open' and finding.parts:
        leading = _leading_part(finding)
        for one in touching:
            if one.is_own:
                name = KIND_WORDS[leading.role]
                why = (
                    'this `keylint: ignore` mark accepts one part only; to accept the whole '
                    f'credential, put it on line {leading.place.line}, beside the {name}'
                )
                yield ScanWarning(finding.path, one.line, why)


def complain_about_suppressions(
    path: str,
    suppressions: Iterable[Suppression],
    used: Collection[Suppression],
    known: Sequence[str],
) -> list[ScanWarning]:
    """Name suppressions of ours that accept nothing or give no reason; `known` are all rules."""
    found = []
    for one in suppressions:
        if not one.is_own:
            continue
        is_for_repository = one.rules and set(one.rules) <= _OF_REPOSITORY
        if one not in used and not is_for_repository:
            found.append(ScanWarning(path, one.line, _explain_unused(one, known)))
        elif not one.reason:
            why = 'this `keylint: ignore` mark gives no reason; write why after it'
            found.append(ScanWarning(path, one.line, why))
    return found


def _explain_unused(mark: Suppression, known: Sequence[str]) -> str:
    """Say why a mark accepts nothing. Names in it are not repeated: they may be anything."""
    if mark.is_mistaken:
        return 'keylint has no such mark: write `keylint: ignore[rule] reason`'
    for rule in mark.rules:
        if rule not in known:
            meant = [name for name in known if name.startswith(rule)][:_MAX_MEANT]
            hint = (
                f'; did you mean {" or ".join(meant)}?' if meant else suggest_word(rule, [*known])
            )
            return f'this `keylint: ignore` mark names an unknown rule{hint}'
    return 'this `keylint: ignore` mark covers no finding; remove it'
