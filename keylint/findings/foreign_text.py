"""Quote what others wrote: paths, names of refs, authors, keys of documents, lines of lists.

Everything that is printed and does not come from keylint or its rules goes through `quote_text`, or
through `redact_report`, which does the same for a whole report. Values that the run has found are
masked wherever they stand, and so are runs of characters that look like a value though no rule
knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from keylint.core.excerpt import ExcerptLine
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Finding, Lifetime
from keylint.core.report import Report
from keylint.core.value_traces import ValueTrace, blank_traced
from keylint.validators.plain_words import has_words, is_plain_name
from keylint.validators.randomness import is_random

ELLIPSIS = '…'
# Runs in which a value may stand with what is glued to it: `binance_<key>`, `sk-proj-…`.
_RUN = defer_regex(r'[A-Za-z0-9_+=\-~]{16,}')
_PIECE = defer_regex(r'[A-Za-z0-9+=~]+')
_MIN_PIECE_CHARS = 16
_MAX_SHOWN_PIECE_CHARS = 3
_HEX = defer_regex(r'[0-9a-f]+|[0-9A-F]+')
# Digests that name entries of baselines, files and objects: MD5, SHA-1, SHA-256, SHA-384, SHA-512.
_DIGEST_CHARS = (20, 32, 40, 64, 96, 128)
_CONTROLS = defer_regex(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_MAX_QUOTED_CHARS = 200


def quote_text(text: str, traces: Collection[ValueTrace] = ()) -> str:
    """Return a text of others as one line without control characters and values."""
    shown = mask_values(text, traces)
    shown = _CONTROLS.sub(lambda char: char[0].encode('unicode_escape').decode(), shown)
    return shown if len(shown) <= _MAX_QUOTED_CHARS else f'{shown[:_MAX_QUOTED_CHARS]}{ELLIPSIS}'


def quote_message(text: str) -> str:
    """Return a message of ours that may repeat what a user or a file said."""
    shown = mask_values(text, ())
    return _CONTROLS.sub(lambda char: char[0].encode('unicode_escape').decode(), shown)


def mask_values(text: str, traces: Collection[ValueTrace]) -> str:
    """Return a text with an ellipsis for values of the run and what looks like one.

    A path stays what it was unless it holds one, so that tools can open the file.
    """
    if traces:
        data = text.encode('utf-8', 'surrogateescape')
        blanked = blank_traced(data, traces)
        if blanked != data:
            kept = blanked.decode('utf-8', 'surrogateescape')
            text = re.sub('\x00+', ELLIPSIS, kept)
    if len(text) < _MIN_PIECE_CHARS:
        return text
    return _RUN.sub(lambda run: _mask_run(run[0]), text)


def _mask_run(run: str) -> str:
    """Mask a run that holds a value, with the pieces that are glued to it but for known words."""
    if not any(_looks_like_value(piece) for piece in _PIECE.findall(run)):
        return run
    masked = _PIECE.sub(lambda piece: piece[0] if _is_harmless(piece[0]) else ELLIPSIS, run)
    return re.sub(f'{ELLIPSIS}(?:[_+=\\-~]*{ELLIPSIS})*', ELLIPSIS, masked)


def _looks_like_value(piece: str) -> bool:
    if len(piece) < _MIN_PIECE_CHARS or is_plain_name(piece) or has_words(piece):
        return False
    if _HEX.fullmatch(piece) and len(piece) in _DIGEST_CHARS:
        return False
    return is_random(piece.encode())


def _is_harmless(piece: str) -> bool:
    return len(piece) <= _MAX_SHOWN_PIECE_CHARS or (
        not _looks_like_value(piece) and is_plain_name(piece) and len(piece) < _MIN_PIECE_CHARS
    )


def make_mask(
    findings: Iterable[Finding], traces: Collection[ValueTrace] = ()
) -> Callable[[str], str]:
    """Return `mask_values` for the values that findings are about; each text is looked at once."""
    traces = collect_traces(findings) | frozenset(traces)
    known: dict[str, str] = {}

    def mask(text: str) -> str:
        if text not in known:
            known[text] = mask_values(text, traces)
        return known[text]

    return mask


def collect_traces(findings: Iterable[Finding]) -> frozenset[ValueTrace]:
    """Return the traces of all values that findings are about."""
    return frozenset(
        part.trace
        for finding in findings
        for one in (finding, *finding.copies)
        for part in one.parts
        if part.trace is not None
    )


def redact_report(report: Report, traces: Collection[ValueTrace] = ()) -> Report:
    """Return a report whose foreign texts show no value: what every reporter is given.

    Paths, members, refs, reasons, messages of failures and warnings. `traces` are values that are
    known beside those of the findings.
    """
    if not (report.findings or report.failures or report.warnings):
        return report
    mask = make_mask(report.findings, traces)
    shown = report.copy()
    shown.findings = [redact_finding(finding, mask) for finding in report.findings]
    shown.failures = [
        failure._replace(path=mask(failure.path), error=mask(failure.error))
        for failure in report.failures
    ]
    shown.warnings = [
        warned._replace(path=mask(warned.path), message=mask(warned.message))
        for warned in report.warnings
    ]
    shown.paths = [mask(path) for path in report.paths]
    return shown


def redact_finding(finding: Finding, mask: Callable[[str], str]) -> Finding:
    """Return a finding with its foreign texts masked."""
    declaration = finding.declaration
    if declaration is not None:
        addresses = declaration.ip_allowlist
        declaration = declaration._replace(
            label=mask(declaration.label),
            ip_allowlist=None if addresses is None else tuple(map(mask, addresses)),
        )
    return finding._replace(
        path=mask(finding.path),
        title=mask(finding.title),
        message=mask(finding.message),
        why=mask(finding.why),
        do=tuple(map(mask, finding.do)),
        container=None if finding.container is None else mask(finding.container),
        reason=None if finding.reason is None else mask(finding.reason),
        excerpt=tuple(_redact_line(line, mask) for line in finding.excerpt),
        related=tuple(
            other._replace(path=mask(other.path), note=mask(other.note))
            for other in finding.related
        ),
        declaration=declaration,
        life=None if finding.life is None else redact_life(finding.life, mask),
        copies=tuple(redact_finding(one, mask) for one in finding.copies),
    )


def _redact_line(line: ExcerptLine, mask: Callable[[str], str]) -> ExcerptLine:
    text = mask(line.text)
    is_moved = text[: line.caret] != line.text[: line.caret]
    return line._replace(label=mask(line.label), text=text, caret=-1 if is_moved else line.caret)


def redact_life(life: Lifetime, mask: Callable[[str], str]) -> Lifetime:
    """Return a lifetime with the paths and names that hold a value masked."""
    return life._replace(
        paths=tuple(map(mask, life.paths)),
        refs=tuple(map(mask, life.refs)),
        others=tuple(map(mask, life.others)),
    )
