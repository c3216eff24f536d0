"""Repair notebooks: rewrite code cells, clear outputs with secrets; other bytes stay."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias, TypedDict

from keylint.core.model import Cell, Fragment, Setting
from keylint.core.spans import map_to_blob
from keylint.fix import python, python_imports
from keylint.fix.edits import (
    Edit,
    RepairedFile,
    SecretSpan,
    UnfixableError,
    apply_edits,
    split_lines,
)
from keylint.fix.names import Names
from keylint.readers.json import settings
from keylint.readers.notebook import read_fragments

_MAGIC = re.compile(rb'(?m)^([ \t]*)[%!](?=[^\s%])')
_SPACE = re.compile(r'[\s,:]*')
_NotebookCell: TypeAlias = dict[str, object]


class _Notebook(TypedDict):
    nbformat: int
    cells: list[_NotebookCell]


def fix_notebook(
    data: bytes, cell: Cell | None, spans: Sequence[SecretSpan], names: Names
) -> RepairedFile:
    """Return the notebook without the values of one finding.

    `cell` is where the finding is; the spans are bytes of the notebook. Raises UnfixableError if
    that is not safe.
    """
    if cell is None or cell.number < 0 or cell.part == 'metadata':
        raise UnfixableError('it is in the metadata of the notebook; delete it there')
    document = _load_notebook(data)
    if document.get('nbformat', 4) < 4 or 'cells' not in document:
        raise UnfixableError(
            'a notebook of format 3 or older; convert it first (`jupyter nbconvert --to notebook`)'
        )
    if cell.part == 'output':
        made = _clear_outputs(data, cell.number)
        return RepairedFile(
            _check_cell(document, made, cell.number, 'outputs'),
            (),
            f'outputs of cell {cell.number + 1} cleared',
        )
    if document['cells'][cell.number]['cell_type'] != 'code':
        raise UnfixableError('it is in a text cell; delete it there')
    return _fix_source(data, document, cell.number, spans, names)


def _load_notebook(data: bytes) -> _Notebook:
    """Parse a notebook. Its structure is trusted, as `read_fragments` has already read it."""
    try:
        document: _Notebook | None = json.loads(data)
    except ValueError:
        raise UnfixableError('no JSON that can be parsed') from None
    if not isinstance(document, dict):
        raise UnfixableError('no notebook')
    return document


def _hide_magics(source: bytes) -> bytes:
    """Turn lines of magic (`%…`, `!…`) into comments of the same length, which Python can parse."""
    return _MAGIC.sub(lambda match: match[1] + b'#', source)


def _fix_source(
    data: bytes, document: _Notebook, number: int, spans: Sequence[SecretSpan], names: Names
) -> RepairedFile:
    """Repair a code cell as Python; its magics are hidden from the parser meanwhile."""
    fragment = next(
        f
        for f in read_fragments(data) or ()
        if f.cell is not None and (f.cell.number, f.cell.part) == (number, 'source')
    )
    if fragment.data.startswith(b'%%'):
        raise UnfixableError('the whole cell is a magic; move it out by hand')
    text = _hide_magics(fragment.data)
    inner = [
        span._replace(
            start=_find_offset(fragment, span.start), end=_find_offset(fragment, span.end - 1) + 1
        )
        for span in spans
    ]
    has_os = any(
        _imports_os(cell) for cell in document['cells'][:number] if cell.get('cell_type') == 'code'
    )
    repaired = python.fix_python(text, inner, names, has_os)
    lines = split_lines(fragment.data)
    plain = split_lines(text)
    kept = {one: other for one, other in zip(plain, lines, strict=True) if one != other}
    if any(line in kept for line in lines):
        raise UnfixableError('a comment reads like one of its magics; move it out by hand')
    new = [kept.get(line, line) for line in split_lines(repaired.data)]
    made = apply_edits(data, _map_edits(data, fragment, number, lines, new))
    made = _check_cell(document, made, number, 'source', b''.join(new).decode())
    made = _clear_outputs_with(made, [move.value for move in repaired.moves])
    return repaired._replace(data=made, says=f'{repaired.says} in cell {number + 1}')


def _clear_outputs_with(data: bytes, values: list[str]) -> bytes:
    """Clear the outputs that show a moved value, whether or not a rule would find it there."""
    document = _load_notebook(data)
    for number, cell in enumerate(document['cells']):
        if any(
            value in json.dumps(cell.get('outputs', ''), ensure_ascii=False) for value in values
        ):
            data = _check_cell(document, _clear_outputs(data, number), number, 'outputs')
            document = _load_notebook(data)
    return data


def _imports_os(cell: _NotebookCell) -> bool:
    try:
        return python_imports.imports_os(_hide_magics(_join_source(cell).encode()))
    except (SyntaxError, ValueError):
        return False


def _join_source(cell: _NotebookCell) -> str:
    """Return the source of a cell, which the format keeps as one text or as a list of lines."""
    source = cell.get('source', '')
    return ''.join(source) if isinstance(source, list) else str(source)


def _find_offset(fragment: Fragment, offset: int) -> int:
    """Return the byte of the fragment for a byte of the notebook. Raises UnfixableError."""
    for piece in fragment.pieces:
        if piece.blob_start <= offset < piece.blob_start + max(1, piece.length * piece.scale):
            return piece.start + (offset - piece.blob_start) // max(1, piece.scale)
    raise UnfixableError('its place in the cell is not known')


def _map_edits(
    data: bytes, fragment: Fragment, number: int, old: list[bytes], new: list[bytes]
) -> list[Edit]:
    """Turn lines that differ into edits of the notebook's strings, split as the notebook does."""
    strings = [s for s in settings(data) if s.path[:3] == ('cells', str(number), 'source')]
    between = next((data[one.end : other.start] for one, other in pairwise(strings)), b'')
    starts = list(accumulate(map(len, old), initial=0))
    edits = []
    for tag, first, last, begin, end in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == 'equal':
            continue
        at = (
            map_to_blob(fragment, starts[first], starts[first] + 1)[0]
            if first < len(old)
            else strings[-1].end
        )
        until = _find_end(fragment, strings, starts[last]) if last > first else at
        texts = [
            json.dumps(line.decode(), ensure_ascii=False)[1:-1].encode() for line in new[begin:end]
        ]
        tail = between if tag == 'insert' and first < len(old) else b''
        edits.append(Edit(at, until, between.join(texts) + tail))
    return edits


def _find_end(fragment: Fragment, strings: list[Setting], offset: int) -> int:
    """Return the byte of the notebook behind the text that ends at `offset`.

    It is behind all of an escape, and inside of the text's own string.
    """
    last = map_to_blob(fragment, offset - 1, offset)[0]
    string = next(s for s in strings if s.start <= last < s.end)
    after = (
        map_to_blob(fragment, offset, offset + 1)[0] if offset < len(fragment.data) else string.end
    )
    return after if string.start <= after < string.end else string.end


def _clear_outputs(data: bytes, number: int) -> bytes:
    """Return the notebook with no outputs in one cell."""
    text = data.decode()
    start, _ = _find_member(text, 0, 'cells')
    start = _find_element(text, start, number)
    first, last = _find_member(text, start, 'outputs')
    return (text[:first] + '[]' + text[last:]).encode()


def _find_member(text: str, at: int, key: str) -> tuple[int, int]:
    """Return start and end of the value under a key of the object that begins at or after `at`.

    Raises UnfixableError if the object has no such key.
    """
    decoder = json.JSONDecoder()
    at = text.index('{', at) + 1
    while True:
        at = _skip_separators(text, at)
        if text[at] == '}':
            raise UnfixableError(f'the notebook has no {key} there')
        name, at = decoder.raw_decode(text, at)
        at = _skip_separators(text, at)
        _, end = decoder.raw_decode(text, at)
        if name == key:
            return at, end
        at = end


def _find_element(text: str, at: int, number: int) -> int:
    """Return where an element of the list that begins at `at` begins."""
    decoder = json.JSONDecoder()
    at = _skip_separators(text, at + 1)
    for _ in range(number):
        at = _skip_separators(text, decoder.raw_decode(text, at)[1])
    return at


def _skip_separators(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty text


def _check_cell(
    document: _Notebook, made: bytes, number: int, part: str, wanted: str = ''
) -> bytes:
    """Return the new bytes if only that part of the cell differs.

    Raises UnfixableError otherwise.
    """
    after = _load_notebook(made)
    cell = after['cells'][number]
    is_as_wanted = _join_source(cell) == wanted if part == 'source' else cell[part] == []
    if not is_as_wanted:
        raise UnfixableError('the notebook could not be rewritten without touching more')
    if {**after, 'cells': _blank_part(after, number, part)} != {
        **document,
        'cells': _blank_part(document, number, part),
    }:
        raise UnfixableError('the notebook could not be rewritten without touching more')
    return made


def _blank_part(document: _Notebook, number: int, part: str) -> list[dict[str, object]]:
    return [
        {**cell, part: None} if index == number else cell
        for index, cell in enumerate(document['cells'])
    ]
