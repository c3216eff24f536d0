"""Notebooks: the source of code cells is rewritten as Python, outputs that hold a secret are cleared; the rest stays byte for byte."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from keylint.core.model import Cell, Fragment, Setting
from keylint.core.spans import to_blob
from keylint.fix import python
from keylint.fix.edits import Edit, Repaired, Spot, Unfixable, applied
from keylint.fix.names import Names
from keylint.readers.json import settings
from keylint.readers.notebook import fragments

_MAGIC = re.compile(rb'(?m)^([ \t]*)[%!](?=[^\s%])')
_SPACE = re.compile(r'[\s,:]*')


def fix(data: bytes, cell: Cell | None, spots: Sequence[Spot], names: Names) -> Repaired:
    """The notebook without the values of one finding. Raises Unfixable where that is not safe."""
    if cell is None or cell.number < 0 or cell.part == 'metadata':
        raise Unfixable('it stands in the metadata of the notebook; delete it there')
    document = _loaded(data)
    if document.get('nbformat', 4) < 4 or 'cells' not in document:
        raise Unfixable(
            'a notebook of format 3 or older; convert it first (`jupyter nbconvert --to notebook`)'
        )
    if cell.part == 'output':
        made = _cleared(data, cell.number)
        return Repaired(
            _checked(document, made, cell.number, 'outputs'),
            (),
            f'outputs of cell {cell.number} cleared',
        )
    if document['cells'][cell.number]['cell_type'] != 'code':
        raise Unfixable('it stands in a text cell; delete it there')
    return _source(data, document, cell.number, spots, names)


def _loaded(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError:
        raise Unfixable('no JSON that can be parsed') from None
    if not isinstance(document, dict):
        raise Unfixable('no notebook')
    return document


def _source(
    data: bytes, document: dict[str, Any], number: int, spots: Sequence[Spot], names: Names
) -> Repaired:
    """A code cell mended as Python. Lines of magic are hidden from the parser as comments of the same length."""
    fragment = next(
        f
        for f in fragments(data) or ()
        if f.cell is not None and (f.cell.number, f.cell.part) == (number, 'source')
    )
    if fragment.data.startswith(b'%%'):
        raise Unfixable('the whole cell is a magic; move it out by hand')
    text = _MAGIC.sub(lambda match: match[1] + b'#', fragment.data)
    inner = [
        spot._replace(start=_inside(fragment, spot.start), end=_inside(fragment, spot.end - 1) + 1)
        for spot in spots
    ]
    has_os = any(
        _imports_os(cell) for cell in document['cells'][:number] if cell.get('cell_type') == 'code'
    )
    repaired = python.fix(text, inner, names, has_os)
    lines = fragment.data.splitlines(keepends=True)
    plain = text.splitlines(keepends=True)
    kept = {one: other for one, other in zip(plain, lines, strict=True) if one != other}
    if any(line in kept for line in lines):
        raise Unfixable('a comment reads like one of its magics; move it out by hand')
    new = [kept.get(line, line) for line in repaired.data.splitlines(keepends=True)]
    made = applied(data, _mapped(data, fragment, number, lines, new))
    made = _checked(document, made, number, 'source', b''.join(new).decode())
    made = _without_values(made, [move.value for move in repaired.moves])
    return repaired._replace(data=made, says=f'{repaired.says} in cell {number}')


def _without_values(data: bytes, values: list[str]) -> bytes:
    """The notebook without the outputs in which a value stands that its source has lost, whether or not a rule would see it there."""
    document = _loaded(data)
    for number, cell in enumerate(document['cells']):
        if any(
            value in json.dumps(cell.get('outputs', ''), ensure_ascii=False) for value in values
        ):
            data = _checked(document, _cleared(data, number), number, 'outputs')
            document = _loaded(data)
    return data


def _imports_os(cell: dict[str, Any]) -> bool:
    try:
        return python.imports_os(
            _MAGIC.sub(lambda match: match[1] + b'#', ''.join(cell.get('source', '')).encode())
        )
    except (SyntaxError, ValueError):
        return False


def _inside(fragment: Fragment, offset: int) -> int:
    """The byte of the fragment behind a byte of the notebook."""
    for piece in fragment.pieces:
        if piece.blob_start <= offset < piece.blob_start + max(1, piece.length * piece.scale):
            return piece.start + (offset - piece.blob_start) // max(1, piece.scale)
    raise Unfixable('its place in the cell is not known')


def _mapped(
    data: bytes, fragment: Fragment, number: int, old: list[bytes], new: list[bytes]
) -> list[Edit]:
    """The lines that differ, as edits of the notebook's strings, split as the notebook splits its lines."""
    strings = [s for s in settings(data) if s.path[:3] == ('cells', str(number), 'source')]
    between = next((data[one.end : other.start] for one, other in pairwise(strings)), b'')
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits = []
    for tag, first, last, begin, end in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == 'equal':
            continue
        at = (
            to_blob(fragment, starts[first], starts[first] + 1)[0]
            if first < len(old)
            else strings[-1].end
        )
        until = _end(fragment, strings, starts[last]) if last > first else at
        texts = [
            json.dumps(line.decode(), ensure_ascii=False)[1:-1].encode() for line in new[begin:end]
        ]
        tail = between if tag == 'insert' and first < len(old) else b''
        edits.append(Edit(at, until, between.join(texts) + tail))
    return edits


def _end(fragment: Fragment, strings: list[Setting], offset: int) -> int:
    """The byte of the notebook behind the text that ends at `offset`: behind all of an escape, and inside of its own string."""
    last = to_blob(fragment, offset - 1, offset)[0]
    string = next(s for s in strings if s.start <= last < s.end)
    after = to_blob(fragment, offset, offset + 1)[0] if offset < len(fragment.data) else string.end
    return after if string.start <= after < string.end else string.end


def _cleared(data: bytes, number: int) -> bytes:
    """The notebook with no outputs in one cell."""
    text = data.decode()
    start, _ = _member(text, 0, 'cells')
    start = _element(text, start, number)
    first, last = _member(text, start, 'outputs')
    return (text[:first] + '[]' + text[last:]).encode()


def _member(text: str, at: int, key: str) -> tuple[int, int]:
    """The span of the value under a key of the object that begins at or behind `at`."""
    decoder = json.JSONDecoder()
    at = text.index('{', at) + 1
    while True:
        at = _skip(text, at)
        if text[at] == '}':
            raise Unfixable(f'the notebook has no {key} there')
        name, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
        _, end = decoder.raw_decode(text, at)
        if name == key:
            return at, end
        at = end


def _element(text: str, at: int, number: int) -> int:
    """Where an element of the list that begins at `at` begins."""
    decoder = json.JSONDecoder()
    at = _skip(text, at + 1)
    for _ in range(number):
        at = _skip(text, decoder.raw_decode(text, at)[1])
    return at


def _skip(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty text


def _checked(
    document: dict[str, Any], made: bytes, number: int, part: str, wanted: str = ''
) -> bytes:
    """The new bytes when only that part of the cell differs. Raises Unfixable otherwise."""
    after = _loaded(made)
    cell = after['cells'][number]
    if (''.join(cell[part]) if part == 'source' else cell[part]) != (
        wanted if part == 'source' else []
    ):
        raise Unfixable('the notebook could not be rewritten without touching more')
    if {**after, 'cells': _without(after, number, part)} != {
        **document,
        'cells': _without(document, number, part),
    }:
        raise Unfixable('the notebook could not be rewritten without touching more')
    return made


def _without(document: dict[str, Any], number: int, part: str) -> list[Any]:
    return [
        {**cell, part: None} if index == number else cell
        for index, cell in enumerate(document['cells'])
    ]
