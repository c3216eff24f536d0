"""Show the lines of a file that `keylint fix` changes, without any value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.spans import Lines
from keylint.findings.redaction import LONG_RUN, mark_redactions
from keylint.fix.edits import MovedValue
from keylint.matcher.prefilter import WORDY
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules

BYTE_ORDER_MARK = b'\xef\xbb\xbf'
_REDACTED = b'\x00'
_MIN_VALUE_CHARS = 4


def redact_lines(path: str, data: bytes, moves: Sequence[MovedValue], rules: Rules) -> list[str]:
    """Return the lines of a file with an ellipsis for whatever could be a secret.

    That is what any rule takes for one, however unsure, the values that move, and every long run of
    random characters.
    """
    config = Config(severity='info', confidence='low')
    text = data.removeprefix(BYTE_ORDER_MARK)
    lines = Lines(text)
    for finding in scan_blob(Blob(text, Origin(path)), rules, config).findings:
        for part in finding.parts:
            start, end = lines.span(part.place)
            text = text[:start] + re.sub(rb'[^\s]', _REDACTED, text[start:end]) + text[end:]
    for move in sorted(moves, key=lambda move: -len(move.value)):
        if len(move.value) >= _MIN_VALUE_CHARS:
            text = text.replace(move.value.encode(), _REDACTED)
    names = {move.name.encode() for move in moves}

    def redact_run(run: re.Match[bytes]) -> bytes:
        is_plain = run.group() in names or WORDY.fullmatch(run.group())
        return run.group() if is_plain else _REDACTED

    return mark_redactions(LONG_RUN.sub(redact_run, text)).splitlines()
