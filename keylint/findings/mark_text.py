"""Write the comment that accepts a finding, in the form of a file's language."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.findings.comments import list_signs
from keylint.readers.formats import ending_of

REASON = 'TODO: say why'
# Formats without comments, or where what is added to a line becomes a part of its value.
_NO_COMMENTS = frozenset('json ipynb csv tsv md txt lock har webmanifest'.split())
_OWN_LINE_ONLY = frozenset('env ini cfg conf cnf properties config dockerfile bat cmd'.split())
_FORMS = {
    'python': ('# ', ''),
    'hash': ('# ', ''),
    'slashes': ('// ', ''),
    'block': ('/* ', ' */'),
    'markup': ('<!-- ', ' -->'),
    'dashes': ('-- ', ''),
    'percent': ('% ', ''),
    'semicolon': ('; ', ''),
    'rem': ('REM ', ''),
    'apostrophe': ("' ", ''),
}


def write_marks(path: str, lines: list[str], line: int, rule: str) -> Iterator[tuple[int, str]]:
    """Yield ways to accept a finding on a line (from 1), the best first; nothing if there is none.

    Each is the number of a line and its new text, which may be two lines: a comment of its own
    belongs above. Whether one does what it should, a scan has to tell.
    """
    ending = ending_of(path)
    signs = [sign for sign in list_signs(ending) if sign in _FORMS]
    if ending in _NO_COMMENTS or not signs or not 1 <= line <= len(lines):
        return
    opening, closing = _FORMS[signs[0]]
    mark = f'{opening}keylint: ignore[{rule}] {REASON}{closing}'
    text = lines[line - 1]
    indent = text[: len(text) - len(text.lstrip())]
    above = (line, f'{indent}{mark}\n{text}')
    behind = (line, f'{text}  {mark}')
    if ending in _OWN_LINE_ONLY or text.endswith('\\'):
        yield above
    else:
        yield behind
        yield above
