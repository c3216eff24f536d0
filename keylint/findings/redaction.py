"""Redact what is shown of a file.

Its secrets, wherever they stand, and every long run that could be one.
"""

from __future__ import annotations

from bisect import bisect_right

from keylint.core.excerpt import ExcerptLine
from keylint.core.key_model import Violation
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import KeyDeclaration, SecretPart
from keylint.core.records import NamedTuple
from keylint.core.spans import Lines
from keylint.findings.carets import NO_CARET, cut_excerpt, find_caret
from keylint.findings.comments import CommentMap, map_comments
from keylint.findings.excerpts import ExcerptMaker, is_code
from keylint.findings.fingerprint import is_guessable
from keylint.findings.known_values import index_values
from keylint.matcher.word_runs import WORDY

LONG_RUN = defer_regex(rb'[A-Za-z0-9+/=_\-]{20,}')
_MASK = b'\x00'
_MAX_EXCERPT_CHARS = 160
_MAX_LINE_BYTES = 1000
# Comments and strings of several lines are looked for in files up to this size.
_MAX_MAPPED_BYTES = 1 << 22
# Of what is no program every line is shown as text, with comments or without.
_MAX_MAPPED_TEXT_BYTES = 1 << 16
# They are looked for in so much of a file at once.
_MIN_MAPPED_BYTES = 1 << 12
# Shorter values are words that stand anywhere.
_MIN_VALUE_BYTES = 6
# Values of fewer characters show nothing of themselves, others their first characters.
_MIN_PREVIEW_CHARS, _PREVIEW_CHARS = 16, 4
_MAX_SCHEME_CHARS = 19


class Secrets(NamedTuple):
    """The secrets of one file.

    `spans` has their bytes in the file by the lines that they touch. `values` has each once: it may
    stand again where no finding points.
    """

    spans: dict[int, list[tuple[int, int]]]
    values: frozenset[bytes]


def collect_secrets(lines: Lines, found: list[tuple[int, int, bytes]]) -> Secrets:
    """Collect the secrets of a file from the bytes that each stands at, and its value."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for start, end, _ in sorted(found):
        first = bisect_right(lines.starts, start)
        last = bisect_right(lines.starts, max(start, end - 1))
        for number in range(first, last + 1):
            spans.setdefault(number, []).append((start, end))
    values = {
        value
        for start, end, own in found
        for value in (own, lines.data[start:end])
        if _MIN_VALUE_BYTES <= len(value) <= _MAX_LINE_BYTES
    }
    return Secrets(spans, frozenset(values))


class LineRedactor:
    """Makes the lines of one file showable: found secrets are masked, and all that could be one."""

    def __init__(
        self, lines: Lines, path: str, secrets: Secrets, issuers: frozenset[str] = frozenset()
    ) -> None:
        self._lines = lines
        self._secrets = secrets
        self._path = path
        self._issuers = issuers
        self._mapped = 0  # up to this offset the excerpts know comments and strings
        self._excerpts = ExcerptMaker(path, CommentMap((), ()), issuers)

    def _show(self, blanked: bytes, start: int) -> str:
        """Return what may be shown of a line whose first byte is at `start` in the file."""
        data, end = self._lines.data, start + len(blanked)
        most = _MAX_MAPPED_BYTES if is_code(self._path) else _MAX_MAPPED_TEXT_BYTES
        if self._mapped < end and len(data) <= most:
            self._mapped = max(2 * end, _MIN_MAPPED_BYTES)  # for the next lines too
            marks = map_comments(data, self._path, self._mapped)
            self._excerpts = ExcerptMaker(self._path, marks, self._issuers)
        return self._excerpts.show_line(blanked, start)

    def redact_line(self, number: int, span: tuple[int, int] = (-1, -1)) -> ExcerptLine:
        """Return a line as it may be shown, with a caret where `span` of the file begins in it."""
        blanked, start = self._blank_line(number)
        shown = self._show(blanked, start)
        caret = NO_CARET
        if start <= span[0] < start + len(blanked):
            caret = find_caret(blanked, shown, span[0] - start, span[1] - start)
        return cut_excerpt(str(number), shown, caret, _MAX_EXCERPT_CHARS)

    def show_line(self, number: int) -> str:
        """Return a line as it may be shown, with its indentation."""
        return self._show(*self._blank_line(number))

    def _blank_line(self, number: int) -> tuple[bytes, int]:
        """Return a line with zeros for its secrets, and where it begins."""
        start, end = self._lines.bounds(number)
        end = min(end, start + _MAX_LINE_BYTES)
        text = bytearray(self._lines.data[start:end])
        for first, last in self._secrets.spans.get(number, []):
            if first >= end:
                break
            for index in range(max(first, start), min(last, end)):
                text[index - start] = 0x00
        return index_values(self._secrets.values).blank(bytes(text)), start


def redact_bytes(text: bytes, values: frozenset[bytes]) -> str:
    """Return bytes of a file with an ellipsis for each value and each long run that could be one.

    Zeros are what is masked already.
    """
    return mark_redactions(LONG_RUN.sub(_mask_run, index_values(values).mask(text))).strip()


def redact_text(text: str, values: frozenset[bytes]) -> str:
    """Return a text of ours with an ellipsis for each value that it repeats: a label may be one."""
    if not values:
        return text
    return mark_redactions(index_values(values).mask(text.encode('utf-8', 'replace')))


def redact_declaration(declaration: KeyDeclaration, values: frozenset[bytes]) -> KeyDeclaration:
    """Redact the texts of a declaration that are shown: people put values under any name."""
    if not values:
        return declaration
    return declaration._replace(
        label=redact_text(declaration.label, values),
        account=redact_text(declaration.account, values),
        purpose=redact_text(declaration.purpose, values),
        secret_ref=redact_text(declaration.secret_ref, values),
        addresses=tuple(redact_text(address, values) for address in declaration.addresses),
    )


def redact_violation(violation: Violation, text: bytes, values: frozenset[bytes]) -> Violation:
    """Redact all that a violation says.

    `text` is what it points at, which its message may quote.
    """
    message = violation.message
    declaration = violation.declaration
    if violation.quote:
        shown = redact_bytes(text, values)[: len(violation.quote)]
        message = message.replace(violation.quote, shown)
    return violation._replace(
        title=redact_text(violation.title, values),
        message=redact_text(message, values),
        steps=tuple(redact_text(step, values) for step in violation.steps),
        declaration=redact_declaration(declaration, values) if declaration else None,
    )


def preview_value(hit: SecretPart) -> str:
    """Return a few first characters and the length.

    Nothing of a value that is short or looks made by a person: the start would shorten the search.
    """
    text = hit.value.decode('utf-8', 'replace')
    length = f'…({len(text)})'
    if hit.role in ('password', 'passphrase', 'mnemonic') or len(text) < _MIN_PREVIEW_CHARS:
        return length
    scheme, mark, _ = text.partition('://')
    if mark and len(scheme) <= _MAX_SCHEME_CHARS:
        return f'{scheme}://{length}'
    if is_guessable(hit):
        return length
    return ' '.join(text[:_PREVIEW_CHARS].split()) + length


def mark_redactions(text: bytes) -> str:
    """Return a text with one ellipsis for each run of zeros: what is masked."""
    return re.sub(rb'\x00+', '…'.encode(), text).decode('utf-8', 'replace')


def _mask_run(run: re.Match[bytes]) -> bytes:
    """Mask a long run that could be a value even where no rule knows it; names and paths stay."""
    return run.group() if WORDY.fullmatch(run.group()) else _MASK
