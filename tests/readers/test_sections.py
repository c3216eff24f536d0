"""The line reader against `tomllib` and `configparser`, for the documents that it reads."""

from __future__ import annotations

import configparser
import string
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.readers.escapes import decode_with_pieces
from keylint.readers.key_value import settings as read

NAMES = st.text(string.ascii_letters + string.digits + '_-', min_size=1, max_size=12)
# Printable text on one line. Quotes and backslashes are escaped by the writer below.
LINES = st.text(
    st.characters(min_codepoint=32, exclude_categories=('Cc', 'Cs', 'Zl', 'Zp')), max_size=30
)
# A bare value neither starts with a quote or an operator nor holds what begins a comment.
BARE = st.text(string.ascii_letters + string.digits + '+/=_-.:@!', min_size=1, max_size=30).filter(
    lambda text: text[0] not in '=:'
)
TABLES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple),
    st.dictionaries(NAMES, LINES, max_size=4),
    max_size=4,
)


def pairs(data: bytes) -> list[tuple[tuple[str, ...], bytes]]:
    found = read(data)
    for setting in found:
        assert (
            decode_with_pieces(data[setting.start : setting.end])[0] == setting.value
            or data[setting.start : setting.end] == setting.value
        )
    return [(setting.path, setting.value) for setting in found]


def basic(text: str) -> str:
    """Return a TOML basic string."""
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def leaves(
    tree: dict[str, object], path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], bytes]]:
    found: list[tuple[tuple[str, ...], bytes]] = []
    for key, value in tree.items():
        found += (
            leaves(value, (*path, key))
            if isinstance(value, dict)
            else [((*path, key), str(value).encode())]
        )
    return found


@settings(max_examples=200, deadline=None)
@given(
    tables=TABLES,
    top=st.dictionaries(NAMES, LINES, max_size=3),
    gap=st.sampled_from((' = ', '=', '\t=\t')),
    data=st.data(),
)
def test_toml(
    tables: dict[tuple[str, ...], dict[str, str]],
    top: dict[str, str],
    gap: str,
    data: st.DataObject,
) -> None:
    lines = [f'{key}{gap}{basic(value)}' for key, value in top.items()]
    for header, table in tables.items():
        comment = data.draw(st.sampled_from(('', ' # a = "b"', '\n# a = "b"')))
        lines += [
            f'[{".".join(header)}]{comment}',
            *(f'{key}{gap}{basic(value)}{comment}' for key, value in table.items()),
            '',
        ]
    text = '\n'.join(lines) + '\n'
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # a table and a key of the same name
    assert sorted(pairs(text.encode())) == sorted(leaves(tree))


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(NAMES, LINES.filter(lambda text: "'" not in text), max_size=5),
    st.sampled_from(("'", "'''")),
)
def test_toml_literal_strings(table: dict[str, str], mark: str) -> None:
    text = ''.join(f'{key} = {mark}{value}{mark}\n' for key, value in table.items())
    assert pairs(text.encode()) == leaves(tomllib.loads(text))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, st.integers() | st.booleans(), max_size=5))
def test_toml_numbers(table: dict[str, int]) -> None:
    text = ''.join(f'{key} = {str(value).lower()}\n' for key, value in table.items())
    assert [(path, value) for path, value in pairs(text.encode())] == [
        ((key,), str(value).lower().encode()) for key, value in table.items()
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(string.ascii_letters + ' =#[]', max_size=10), min_size=2, max_size=4))
def test_toml_text_of_several_lines(lines: list[str]) -> None:
    text = 'before = "1"\nkey = """' + '\n'.join(['', *lines]) + '"""\nafter = "2"\n'
    found = pairs(text.encode())
    assert [path for path, _ in found] == [('before',), ('key',), ('after',)]
    assert found[1][1].decode().removeprefix('\n') == tomllib.loads(text)['key']


@settings(max_examples=200, deadline=None)
@given(
    sections=st.dictionaries(
        NAMES.filter(lambda name: name != 'DEFAULT'),
        st.dictionaries(NAMES, BARE, max_size=4),
        max_size=4,
    ),
    gap=st.sampled_from((' = ', '=', ': ', ' : ')),
    newline=st.sampled_from(('\n', '\r\n')),
    comment=st.sampled_from(('', ' ; a = b', ' # a = b')),
)
def test_ini(sections: dict[str, dict[str, str]], gap: str, newline: str, comment: str) -> None:
    lines = [
        line
        for name, keys in sections.items()
        for line in (f'[{name}]', *(f'{key}{gap}{value}{comment}' for key, value in keys.items()))
    ]
    text = newline.join([*lines, ''])
    parser = configparser.RawConfigParser(inline_comment_prefixes=('#', ';'))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    wanted = [
        ((name, key), value.encode())
        for name in parser.sections()
        for key, value in parser.items(name)
    ]
    assert pairs(text.encode()) == wanted


@settings(max_examples=200, deadline=None)
@given(
    variables=st.dictionaries(
        st.text(string.ascii_uppercase + '_', min_size=1, max_size=12), BARE, max_size=5
    ),
    export=st.sampled_from(('', 'export ', '  ')),
    mark=st.sampled_from(('', '"', "'")),
    newline=st.sampled_from(('\n', '\r\n', '\n\n', '\n# note = x\n')),
)
def test_env(variables: dict[str, str], export: str, mark: str, newline: str) -> None:
    text = newline.join(
        [*(f'{export}{key}={mark}{value}{mark}' for key, value in variables.items()), '']
    )
    wanted = [((key,), value.encode()) for key, value in variables.items()]
    assert [pair for pair in pairs(text.encode()) if pair[0] != ('# note',)] == wanted


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map('.'.join), BARE, max_size=5),
    st.sampled_from(('=', ': ', ' = ')),
)
def test_properties(table: dict[str, str], gap: str) -> None:
    text = ''.join(f'{key}{gap}{value}\n' for key, value in table.items())
    assert pairs(text.encode()) == [((key,), value.encode()) for key, value in table.items()]


FORMS = {
    'quoted section': (
        '["exchange"."binance"]\nkey = "a"\n',
        [(('exchange', 'binance', 'key'), b'a')],
    ),
    'table list': (
        '[[accounts]]\nkey = "a"\n[[accounts]]\nkey = "b"\n',
        [(('accounts', 'key'), b'a'), (('accounts', 'key'), b'b')],
    ),
    'only if unset': ('A ?= b\n', [(('A',), b'b')]),
    'hash in a value': ('a = b#c\n', [(('a',), b'b#c')]),
    'empty': ('a =\nb = ""\n', [(('a',), b''), (('b',), b'')]),
    'no end of line': ('a = b', [(('a',), b'b')]),
    'nothing': ('', []),
    'unclosed': ('a = "b\nc = "d"\n', [(('a',), b'"b'), (('c',), b'd')]),
}


@pytest.mark.parametrize('form', FORMS)
def test_forms(form: str) -> None:
    text, wanted = FORMS[form]
    assert pairs(text.encode()) == wanted
