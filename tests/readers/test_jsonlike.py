"""The tolerant JSON reader against `json` on valid documents, on its own terms on others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.core.model import Setting
from keylint.readers import json as jsonlike
from keylint.readers.escapes import decode_with_pieces

# No lone surrogates: they are no text, and a JSON writer that escapes them has none to write.
TEXT = st.text(st.characters(exclude_categories=['Cs']), max_size=20)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.lists(TREES, max_size=4) | st.dictionaries(TEXT, TREES, max_size=4)
INDENTS = st.sampled_from((None, 0, 1, 2, 4, '\t'))
TOKENS = (
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"a"',
    "'b'",
    '"',
    "'",
    '\\',
    '//',
    '/*',
    '*/',
    '\n',
    'x',
    '1',
    '\\u00',
    'é',
)
SEPARATORS = st.sampled_from(((',', ':'), (', ', ': '), (' , ', ' : '), (',', ' :\n')))


def leaves(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Scalars with their paths, in the document's order."""
    if isinstance(tree, dict):
        return [leaf for key, value in tree.items() for leaf in leaves(value, (*path, key))]
    if isinstance(tree, list):
        return [
            leaf for index, value in enumerate(tree) for leaf in leaves(value, (*path, str(index)))
        ]
    return [(path, tree)]


def literal(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def assert_spans(data: bytes, found: tuple[Setting, ...]) -> None:
    """Every span holds its value, strings after unescaping, in the order of the text."""
    position = 0
    for setting in found:
        assert position <= setting.start <= setting.end <= len(data)
        raw = data[setting.start : setting.end]
        is_string = data[setting.start - 1 : setting.start] in (b'"', b"'") and setting.start > 0
        assert (decode_with_pieces(raw)[0] if is_string else raw) == setting.value
        position = setting.end


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(tree=DOCUMENTS, indent=INDENTS, separators=SEPARATORS)
def test_settings_are_the_leaves(
    tree: Any, indent: int | str | None, separators: tuple[str, str]
) -> None:
    data = json.dumps(tree, indent=indent, separators=separators, ensure_ascii=False).encode()
    found = jsonlike.settings(data)
    assert [(setting.path, setting.value) for setting in found] == [
        (path, literal(value)) for path, value in leaves(json.loads(data))
    ]
    assert_spans(data, found)


@settings(max_examples=200, deadline=None)
@given(
    tree=st.dictionaries(
        st.text('abc', min_size=1),
        st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=['Cs'])),
    )
)
def test_escaped_text_is_decoded(tree: dict[str, str]) -> None:
    """With `ensure_ascii`, as most programs write.

    Letters of the first plane as one escape each.
    """
    data = json.dumps(tree, indent=1).encode()
    found = jsonlike.settings(data)
    assert [(setting.path, setting.value) for setting in found] == [
        ((key,), value.encode()) for key, value in tree.items()
    ]
    assert_spans(data, found)


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=['Cs'], max_codepoint=0xFFFF)), st.integers(0, 1000)
)
def test_unescape_says_where_every_byte_lies(text: str, at: int) -> None:
    raw = json.dumps(text).encode()[1:-1]
    value, pieces = decode_with_pieces(raw, at)
    assert value == text.encode()
    covered = 0
    if not raw:
        return
    for piece in pieces:
        assert piece.start == covered
        covered += piece.length
        first = piece.blob_start - at
        if piece.scale:
            assert (
                raw[first : first + piece.length] == value[piece.start : piece.start + piece.length]
            )
        else:
            assert raw[first : first + 1] == b'\\'
    assert covered == len(value)


RELATIVES = {
    'trailing commas': (
        '{"a": {"b": "1",}, "c": ["2", "3",],}',
        [('a.b', '1'), ('c.0', '2'), ('c.1', '3')],
    ),
    'line comments': ('{\n// "x": "y",\n"a": "1", // "z": 2\n"b": 2}', [('a', '1'), ('b', '2')]),
    'block comments': ('{"a": /* "x": {, */ "1" /* : */, "b": "2"}', [('a', '1'), ('b', '2')]),
    'single quotes': ("{'a': 'it\\'s', 'b': \"two\"}", [('a', "it's"), ('b', 'two')]),
    'bare keys': ('{a: "1", b_c: {d: true}}', [('a', '1'), ('b_c.d', 'true')]),
    'addresses': (
        '{"a": "https://example.org//x", "b": "/* no */"}',
        [('a', 'https://example.org//x'), ('b', '/* no */')],
    ),
    'cut in the middle': ('{"a": {"b": "1", "c": "2", "d": {"e": ', [('a.b', '1'), ('a.c', '2')]),
    'only the end': ('"b": "1"}, {"c": "2"}', [('', '1'), ('c', '2')]),
    'lines of documents': ('{"a": "1"}\n{"a": "2"}\n', [('a', '1'), ('a', '2')]),
    'line feed': ('{"a": "1\\n2"}', [('a', '1\n2')]),
    'empty': ('{}', []),
    'empty text': ('', []),
    'a scalar': ('"a"', [('', 'a')]),
    'empty names': ('{"": {"": "1"}}', [('.', '1')]),
}


@pytest.mark.parametrize('form', RELATIVES)
def test_relatives(form: str) -> None:
    text, wanted = RELATIVES[form]
    found = jsonlike.settings(text.encode())
    assert [('.'.join(setting.path), setting.value.decode()) for setting in found] == wanted
    assert_spans(text.encode(), found)


@settings(max_examples=200, deadline=None)
@given(tree=DOCUMENTS, data=st.data())
def test_a_comment_between_tokens_changes_nothing(tree: Any, data: st.DataObject) -> None:
    lines = json.dumps(tree, indent=1, ensure_ascii=False).split('\n')
    comment = data.draw(st.sampled_from(('// "note": "x"', '/* {[,:]} */', '\t', '')))
    text = f'\n{comment}\n'.join(lines)
    plain = jsonlike.settings('\n'.join(lines).encode())
    assert [(setting.path, setting.value) for setting in jsonlike.settings(text.encode())] == [
        (s.path, s.value) for s in plain
    ]


def test_deep_documents_end_quietly() -> None:
    deep = b'{"a": "1", "b": ' + b'[' * 5000 + b'"x"' + b']' * 5000 + b'}'
    assert [setting.value for setting in jsonlike.settings(deep)] == [b'1']
    almost = b'[' * 99 + b'"x"' + b']' * 99
    assert [setting.value for setting in jsonlike.settings(almost)] == [b'x']


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_never_raise(data: bytes) -> None:
    found = jsonlike.settings(data)
    assert all(0 <= setting.start <= setting.end <= len(data) for setting in found)
    assert [setting.start for setting in found] == sorted(setting.start for setting in found)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=60))
def test_tokens_in_any_order_never_raise(tokens: list[str]) -> None:
    data = ''.join(tokens).encode()
    found = jsonlike.settings(data)
    assert all(0 <= setting.start <= setting.end <= len(data) for setting in found)
    assert all(setting.value in decode_with_pieces(data)[0] or b'\\' in data for setting in found)
