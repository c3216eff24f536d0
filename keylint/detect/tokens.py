"""Values whose shape names their issuer, wherever they stand: tokens and recovery phrases."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence

from keylint.core.digests import blake2b
from keylint.core.model import Candidate, TokenPattern
from keylint.detect.allowlist import is_allowlisted, is_allowlisted_url, is_public
from keylint.detect.mnemonics import find_phrases
from keylint.matcher.match import Match, PatternKind, select_matches
from keylint.matcher.prefilter import filter_by_words
from keylint.rules.rule_set import RuleSet
from keylint.syntax.values import find_name
from keylint.validators.checksums import CHECKS, is_encrypted_pem

# Kinds of matches whose pattern is a row of the table of tokens.
_TOKEN_KINDS: tuple[PatternKind, ...] = ('phrase', 'token')
# The check that stands for those of all kinds of recovery phrases.
_PHRASE_CHECK = 'bip39'
_MIN_ENCODED_BYTES = 16
# Longer values without a token are remembered: versions of a document repeat its texts.
_MIN_REMEMBERED_BYTES = 256


def find_tokens(
    data: bytes, matches: Sequence[Match], path: str, pack: RuleSet, settings: list[Candidate]
) -> Iterator[Candidate]:
    """Yield the tokens of a fragment, also those that only its decoded `settings` show.

    A row of some files only is looked for where the last part of `path` is one of them.
    """
    file = path.replace('\\', '/').rsplit('/', 1)[-1]
    ends: dict[int, list[int]] = {}
    for pattern, end in matches:
        if pattern.kind in _TOKEN_KINDS:
            ends.setdefault(pattern.row, []).append(end)
    by_start = sorted(settings, key=lambda setting: setting.start) if ends else []
    for number in sorted(ends):
        row = pack.tokens[number]
        if row.files and file not in row.files:
            continue
        for start, stop in _list_ranges(ends[number], len(data), row.width):
            for token in _match_row(data, start, stop, row, pack):
                yield _name_by_setting(token, by_start)
    for setting in settings:
        yield from _find_in_setting(setting, data, pack)


def _name_by_setting(token: Candidate, settings: list[Candidate]) -> Candidate:
    """Give a token the name and path of the setting whose value holds it.

    `settings` are sorted by their start.
    """
    before = bisect_right(settings, token.start, key=lambda setting: setting.start) - 1
    if before < 0:
        return token
    first = bisect_left(settings, settings[before].start, key=lambda setting: setting.start)
    for setting in settings[first : before + 1]:
        if token.end <= setting.end:
            return token._replace(name=setting.name, path=setting.path)
    return token


def _find_in_setting(setting: Candidate, data: bytes, pack: RuleSet) -> Iterator[Candidate]:
    """Yield tokens that only the decoded value of a setting shows: base64 in Kubernetes, escapes.

    They take the bytes of the whole setting.
    """
    value = setting.value
    if len(value) < _MIN_ENCODED_BYTES or data[setting.start : setting.end] == value:
        return
    digest = b''
    if len(value) >= _MIN_REMEMBERED_BYTES:
        digest = blake2b(value, digest_size=16).digest()
        if digest in pack.tokenless:
            return
    tokens = list(_match_value(value, pack))
    if digest and not tokens:
        pack.remember_tokenless(digest)
    for token in tokens:
        yield token._replace(
            name=setting.name, start=setting.start, end=setting.end, path=setting.path
        )


def _match_value(value: bytes, pack: RuleSet) -> Iterator[Candidate]:
    """Yield the tokens of a decoded value: nothing but the value decides."""
    found = filter_by_words(value, select_matches(pack.matcher.find_matches(value), _TOKEN_KINDS))
    for number in sorted({match.pattern.row for match in found}):
        row = pack.tokens[number]
        if not row.files:
            yield from _match_row(value, 0, len(value), row, pack)


def _list_ranges(ends: list[int], size: int, width: int) -> list[tuple[int, int]]:
    """List the ranges in which matches of at most `width` bytes can lie that end at `ends`.

    They are merged. Two bytes on both sides show what stands next to a match.
    """
    ranges: list[tuple[int, int]] = []
    for end in ends:
        start, stop = max(0, end - width - 2), min(size, end + width + 2)
        if ranges and start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], stop)
        else:
            ranges.append((start, stop))
    return ranges


def _match_row(
    data: bytes, start: int, stop: int, row: TokenPattern, pack: RuleSet
) -> Iterator[Candidate]:
    """Yield the values that a row of the table of tokens describes, with the names before them."""
    for first, last, owner in _list_spans(data, start, stop, row, pack):
        value = data[first:last]
        if owner is None or (
            row.group == 0 and row.check != _PHRASE_CHECK and not _is_bounded(data, first, last)
        ):
            continue
        if (is_public if row.check else is_allowlisted)(value, pack) or (
            row.check not in (None, _PHRASE_CHECK)
            and not CHECKS[row.check](value)
            and not (row.check == 'pem' and is_encrypted_pem(value))
        ):
            continue
        if row.role == 'url' and is_allowlisted_url(value, pack):
            continue
        name, is_joined = find_name(data, first, pack.has_role)
        yield Candidate(
            name if is_joined else '',
            value,
            first,
            last,
            role=owner.role,
            is_strong=True,
            token=owner,
        )


def _list_spans(
    data: bytes, start: int, stop: int, row: TokenPattern, pack: RuleSet
) -> Iterator[tuple[int, int, TokenPattern | None]]:
    """Yield start, end and the row that owns the value: a phrase belongs to that of its check."""
    if row.check == _PHRASE_CHECK:
        for phrase in find_phrases(data, start, stop):
            yield phrase.start, phrase.end, pack.phrases.get(phrase.check)
        return
    for found in pack.pattern(row.pattern).finditer(data, start, stop):
        first, last = found.span(row.group)
        yield first, last, row


def _is_bounded(data: bytes, first: int, last: int) -> bool:
    r"""Tell whether a match is no part of a longer token. An escape (`\n`) may stand before it."""
    before, after = data[first - 1 : first], data[last : last + 1]
    if (
        before.isalnum()
        and data[first : first + 1].isalnum()
        and data[max(0, first - 2) : first] not in (b'\\n', b'\\t', b'\\r')
    ):
        return False
    return not (after.isalnum() and data[last - 1 : last].isalnum())


class SpanIndex:
    """Candidates by their spans, to which tokens are added: one that overlaps others replaces them.

    It changes the dictionary that it is made of.
    """

    def __init__(self, candidates: dict[tuple[int, int], Candidate]) -> None:
        self._candidates = candidates
        self._order = sorted(candidates)
        self._max_bytes = max((end - start for start, end in candidates), default=0)

    def add(self, token: Candidate) -> None:
        """Add a token, unless a longer one lies there. It takes the name of what it replaces."""
        start, end = token.span
        for span in self._list_overlapping(start, end):
            other = self._candidates[span]
            if other.token is not None:
                if span[1] - span[0] >= end - start:
                    return
            elif other.path or not token.name:
                token = token._replace(name=other.name, path=other.path)
            del self._candidates[span]
            del self._order[bisect_left(self._order, span)]
        insort(self._order, (start, end))
        self._candidates[start, end] = token
        self._max_bytes = max(self._max_bytes, end - start)

    def _list_overlapping(self, start: int, end: int) -> list[tuple[int, int]]:
        first = bisect_left(self._order, (start - self._max_bytes, 0))
        last = bisect_left(self._order, (end, 0))
        return [span for span in self._order[first:last] if start < span[1]]
