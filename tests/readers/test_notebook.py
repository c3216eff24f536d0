"""Notebooks: every source line stands in a fragment, each byte of which leads back."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.core.model import Cell, Fragment
from keylint.core.spans import cell_at, map_to_blob
from keylint.readers.escapes import decode_with_pieces
from keylint.readers.notebook import count_images, read_fragments
from keylint.rules.recipes import expand_recipes

# One escape a character at most: the second plane is written as a pair of escapes.
LINES = st.text(
    st.characters(exclude_categories=['Cs'], exclude_characters='\n', max_codepoint=0xFFFF),
    max_size=20,
)
SOURCES = st.lists(st.lists(LINES, min_size=1, max_size=4), min_size=1, max_size=4)


def notebook(
    sources: list[list[str]], is_list: bool, outputs: list[list[Any]] | None = None
) -> dict[str, Any]:
    cells = []
    for number, lines in enumerate(sources):
        text = '\n'.join(lines)
        source = text.splitlines(keepends=True) if is_list else text
        cells.append(
            {
                'cell_type': 'code',
                'metadata': {},
                'source': source,
                'outputs': outputs[number] if outputs else [],
            }
        )
    return {
        'cells': cells,
        'metadata': {'kernelspec': {'name': 'python3'}},
        'nbformat': 4,
        'nbformat_minor': 5,
    }


def assert_leads_back(data: bytes, fragment: Fragment) -> None:
    """Check that each byte of a fragment is that of the file, or part of what an escape means."""
    for offset, byte in enumerate(fragment.data):
        start, end = map_to_blob(fragment, offset, offset + 1)
        assert 0 <= start < end <= len(data)
        if data[start] == 0x5C:
            length = 6 if data[start + 1 : start + 2] == b'u' else 2
            assert byte in decode_with_pieces(data[start : start + length])[0]
        else:
            assert data[start] == byte


@settings(max_examples=150, deadline=None)
@given(
    sources=SOURCES,
    is_list=st.booleans(),
    indent=st.sampled_from((None, 1)),
    is_ascii=st.booleans(),
)
def test_sources_are_found_and_lead_back(
    sources: list[list[str]], is_list: bool, indent: int | None, is_ascii: bool
) -> None:
    document = notebook(sources, is_list)
    data = json.dumps(document, indent=indent, ensure_ascii=is_ascii).encode()
    found = read_fragments(data)
    assert found is not None
    read = {
        fragment.cell.number: fragment
        for fragment in found
        if fragment.cell and fragment.cell.part == 'source'
    }
    for number, lines in enumerate(sources):
        text = '\n'.join(lines)
        if text:
            assert read[number].data.decode() == text
            assert_leads_back(data, read[number])


@settings(max_examples=50, deadline=None)
@given(before=st.lists(LINES, max_size=3), after=LINES, is_list=st.booleans())
def test_a_value_is_found_where_it_stands(before: list[str], after: str, is_list: bool) -> None:
    value = expand_recipes('{alnum:64}', 'notebook')
    document = notebook([['import ccxt'], [*before, f'key = "{value}"', after]], is_list)
    data = json.dumps(document).encode()
    holders = [
        fragment for fragment in read_fragments(data) or () if value.encode() in fragment.data
    ]
    assert len(holders) == 1
    start = holders[0].data.index(value.encode())
    assert map_to_blob(holders[0], start, start + 64) == (
        data.index(value.encode()),
        data.index(value.encode()) + 64,
    )
    assert cell_at(holders[0], start) == Cell(1, 'source', len(before) + 1)


def test_outputs_metadata_and_images() -> None:
    values = {
        part: expand_recipes('{alnum:40}', f'notebook/{part}')
        for part in ('stream', 'html', 'error', 'image', 'cell', 'note', 'attachment')
    }
    outputs = [
        {'output_type': 'stream', 'name': 'stdout', 'text': ['first\n', values['stream']]},
        {
            'output_type': 'display_data',
            'data': {'text/html': ['<b>', values['html']], 'image/png': values['image']},
        },
        {'output_type': 'error', 'traceback': [values['error']]},
    ]
    document = notebook([['x']], True, [outputs])
    document['cells'][0]['metadata'] = {'api_key': values['cell']}
    document['cells'][0]['attachments'] = {'a.png': {'image/png': values['attachment']}}
    document['metadata']['token'] = values['note']
    data = json.dumps(document).encode()
    found = read_fragments(data) or ()
    parts = {
        name: [f.cell.part for f in found if value.encode() in f.data and f.cell]
        for name, value in values.items()
    }
    assert parts == {
        'stream': ['output'],
        'html': ['output'],
        'error': ['output'],
        'image': [],
        'cell': ['metadata'],
        'note': ['metadata'],
        'attachment': [],
    }
    assert count_images(data) == 2
    settings_found = {
        setting.path[-1]: setting.value for fragment in found for setting in fragment.settings
    }
    assert settings_found['api_key'] == values['cell'].encode()
    assert settings_found['token'] == values['note'].encode()


def test_outputs_in_json_keep_their_keys() -> None:
    value = expand_recipes('{alnum:40}', 'notebook/json')
    output = {
        'output_type': 'execute_result',
        'data': {'application/json': {'account': {'api_secret': value}}, 'text/plain': ['nothing']},
    }
    found = read_fragments(json.dumps(notebook([['x']], True, [[output]])).encode()) or ()
    [setting] = [
        setting
        for fragment in found
        for setting in fragment.settings
        if setting.value == value.encode()
    ]
    assert setting.path[-2:] == ('account', 'api_secret')


def test_the_third_format() -> None:
    value = expand_recipes('{alnum:64}', 'nbformat 3')
    data = json.dumps(
        {
            'nbformat': 3,
            'worksheets': [
                {'cells': [{'cell_type': 'code', 'input': ['a = 1\n', f'key = "{value}"']}]}
            ],
        }
    ).encode()
    found = read_fragments(data)
    assert found is not None
    sources = [fragment for fragment in found if fragment.cell == Cell(0, 'source')]
    assert [fragment.data.decode() for fragment in sources] == [f'a = 1\nkey = "{value}"']


def test_other_documents_are_no_notebooks() -> None:
    assert read_fragments(b'{"key": "value"}') is None
    assert read_fragments(b'') is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_never_raise(data: bytes) -> None:
    assert read_fragments(data) is None or b'cells' in data or b'worksheets' in data
    for fragment in read_fragments(b'{"cells": [{"source": ["' + data + b'"]}]}') or ():
        assert all(0 <= piece.start <= len(fragment.data) for piece in fragment.pieces)


def test_each_object_of_the_metadata_is_a_fragment_outside_of_all_cells() -> None:
    metadata = {'bot': {'name': 'grid', 'mode': 'dry'}, 'kernelspec': {'name': 'python3'}}
    found = read_fragments(json.dumps({**notebook([['x']], True), 'metadata': metadata}).encode())
    assert found is not None
    outside = [one for one in found if one.cell == Cell(-1, 'metadata')]
    assert [len(one.data.splitlines()) for one in outside] == [2, 1, 2]  # the last: nbformat
