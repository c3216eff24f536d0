"""Repair Python: a literal credential becomes `os.environ["NAME"]`; every other byte stays."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from keylint.fix.edits import (
    Edit,
    MovedValue,
    RepairedFile,
    SecretSpan,
    UnfixableError,
    apply_edits,
)
from keylint.fix.names import Names
from keylint.fix.python_edits import make_lookup_edits
from keylint.fix.python_imports import add_os_import, is_os_shadowed
from keylint.fix.python_literals import evaluate_range, find_default, find_range, list_literals

_CODING = re.compile(rb'coding[:=][ \t]*([-\w.]+)')
_UTF8_CODINGS = (b'utf-8', b'utf8', b'ascii', b'us-ascii')


def fix_python(
    data: bytes, spans: Sequence[SecretSpan], names: Names, has_os: bool = False
) -> RepairedFile:
    """Return the module with every part of a credential read from the environment.

    `has_os` says that `os` is imported elsewhere, as in an earlier cell of a notebook. Raises
    UnfixableError if a part cannot be replaced by an expression.
    """
    _check_coding(data)
    _check_python(data)
    literals = list_literals(data)
    values, defaults = [], []
    for span in spans:
        place = find_range(data, literals, span)
        values.append(evaluate_range(data, place))
        defaults.append(find_default(data, place))
    spans = [
        span._replace(name=default.name) if default else span
        for span, default in zip(spans, defaults, strict=True)
    ]
    own = frozenset(default.name for default in defaults if default)
    chosen = names.choose(spans, values, data, own)
    is_shadowed = is_os_shadowed(data)
    module = '_os' if is_shadowed else 'os'
    made = _replace_literals(data, spans, chosen, f'{module}.environ')
    if is_shadowed or not has_os:
        made = add_os_import(made, module)
    _check_python(made)
    says = ', '.join(f'os.environ["{name}"]' for name in dict.fromkeys(chosen))
    return RepairedFile(made, tuple(dict.fromkeys(map(MovedValue, chosen, values))), says)


def _replace_literals(
    data: bytes, spans: Sequence[SecretSpan], names: Sequence[str], environ: str
) -> bytes:
    """Replace one part after the other, the last first, parsing again after each.

    Edits of one part may reach before its start (a bracket), which moves those that come after.
    """
    edits: list[Edit] = []
    for span, name in sorted(zip(spans, names, strict=True), reverse=True):
        moved = sum(
            len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= span.start
        )
        here = span._replace(start=span.start + moved, end=span.end + moved)
        place = find_range(data, list_literals(data), here)
        edits = make_lookup_edits(data, place, environ, name)
        data = apply_edits(data, edits)
        _check_python(data)
    return data


def _check_coding(data: bytes) -> None:
    """Raise UnfixableError if the first two lines say that the file is not in UTF-8 (PEP 263)."""
    head = b'\n'.join(data.split(b'\n', 2)[:2])
    coding = _CODING.search(head) if b'#' in head else None
    if coding and coding[1].lower().replace(b'_', b'-') not in _UTF8_CODINGS:
        raise UnfixableError(f'the file is written in {coding[1].decode()}; only UTF-8 is edited')


def _check_python(data: bytes) -> None:
    """Raise UnfixableError if the bytes are not Python that this interpreter can parse."""
    try:
        compile(data, '<fixed>', 'exec', ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnfixableError('no Python 3 that can be parsed, before or after the change') from None
