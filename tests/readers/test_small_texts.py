"""Short texts of each reader, one condition at a time: paths, values and where they stand."""

from __future__ import annotations

import ast

import pytest

from keylint.core.model import OffsetSegment, Setting
from keylint.readers import csv, json, key_value, netrc, python_ast, python_cst, yaml
from keylint.readers.codecs import (
    decode_backslashes,
    decode_hex,
    decode_percent,
    decode_quoted_printable,
    narrow_utf16,
)
from keylint.readers.constant_folding import fold_constants
from keylint.readers.decode import to_text


def show(settings: tuple[Setting, ...] | None) -> dict[str, str]:
    return {'.'.join(setting.path): setting.value.decode() for setting in settings or ()}


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('', {}),
        ('a', {}),
        ('a=1', {'a': '1'}),
        ('a: 1', {'a': '1'}),
        ('a := 1', {'a': '1'}),
        ('  export a=1  ', {'a': '1'}),
        ('a=b c', {'a': 'b c'}),
        ('a=b # c', {'a': 'b'}),
        ('a=b ; c', {'a': 'b'}),
        ('a=b#c', {'a': 'b#c'}),
        ('a="b # c"', {'a': 'b # c'}),
        ("a='b'", {'a': 'b'}),
        ('a=bxb', {'a': 'bxb'}),
        ('a="', {'a': '"'}),
        ("a='b", {'a': "'b"}),
        ("a=b'", {'a': "b'"}),
        ('a=""', {'a': ''}),
        ('a="""b\nc"""', {'a': 'b\nc'}),
        ("a='''b'''", {'a': 'b'}),
        (r'a="b\tc"', {'a': 'b\tc'}),
        (r"a='b\tc'", {'a': r'b\tc'}),
        (r'a=b\tc', {'a': r'b\tc'}),
        ('[s]\na=1', {'s.a': '1'}),
        ('[s.t]\na=1', {'s.t.a': '1'}),
        ('["s".\'t\']\na=1', {'s.t.a': '1'}),
        ('[[s]]\na=1\n[[s]]\nb=2', {'s.a': '1', 's.b': '2'}),
        ('"a b"=1', {'a b': '1'}),
        ('a=[1,\n2]', {'a': '[1,\n2]'}),
    ],
)
def test_lines_of_settings(text: str, want: dict[str, str]) -> None:
    found = key_value.settings(text.encode())
    assert show(found) == want
    for setting in found:
        if b'\\' not in text.encode():
            assert text.encode()[setting.start : setting.end] == setting.value


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('[[s]]\na=1\n[[s]]\na=2', {'s.0.a': '1', 's.1.a': '2'}),
        ('[[s]]\n[s.t]\na=1\n[[s]]\n[s.t]\na=2', {'s.0.t.a': '1', 's.1.t.a': '2'}),
        ('[s]\na=["b", "c"]', {'s.a.0': 'b', 's.a.1': 'c'}),
        ('a={b = "c"}', {'a.b': 'c'}),
        ('a=[]', {'a': '[]'}),
    ],
)
def test_trees_of_sections(text: str, want: dict[str, str]) -> None:
    assert show(tuple(key_value.SectionText(text.encode()).tree_settings())) == want


@pytest.mark.parametrize(
    ('text', 'want'),
    [(r'a=b\=c\:d', {'a': 'b=c:d'}), (r'a=bcd\=\=', {'a': 'bcd=='}), ('a=b', {'a': 'b'})],
)
def test_properties(text: str, want: dict[str, str]) -> None:
    found = key_value.properties(text.encode())
    assert show(found) == want
    if text.endswith('='):
        assert text.encode()[found[0].start : found[0].end] == b'bcd'


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('', {}),
        ('"a"', {'': 'a'}),
        ('{"a": 1}', {'a': '1'}),
        ('{"a": "b", "c": "d"}', {'a': 'b', 'c': 'd'}),
        ('["a", "b"]', {'0': 'a', '1': 'b'}),
        ('[["a"], ["b", "c"]]', {'0.0': 'a', '1.0': 'b', '1.1': 'c'}),
        ('[{"a": 1}, {"a": 2}]', {'0.a': '1', '1.a': '2'}),
        ('{"a": {"b": 1}, "c": 2}', {'a.b': '1', 'c': '2'}),
        ('{"a": {}, "b": 1}', {'b': '1'}),
        ('{"a": [], "b": [1]}', {'b.0': '1'}),
        ('{"a": [{}, {"b": 1}], "c": 2}', {'a.1.b': '1', 'c': '2'}),
        ("{a: 'b', c: 1,}", {'a': 'b', 'c': '1'}),
        ('{"a": "b" // "c"\n, "d": /* x */ 1}', {'a': 'b', 'd': '1'}),
        ('{"a": "b', {'a': 'b'}),
        (r'{"a\"b": "c\nd"}', {'a"b': 'c\nd'}),
        ('["a": {"b": 1} "c"]', {'a.b': '1', 'a': 'c'}),
    ],
)
def test_json_and_its_relatives(text: str, want: dict[str, str]) -> None:
    assert show(json.settings(text.encode())) == want
    twice = json.JsonText(text.encode())
    assert list(twice.tree_settings()) == list(twice.tree_settings())
    assert {
        key: value
        for key, value in show(tuple(twice.tree_settings())).items()
        if value not in ('{}', '[]')
    } == want


def test_empty_containers_and_the_inside_of_an_object() -> None:
    assert show(tuple(json.stream_json(b'{"a": {}, "b": []}'))) == {'a': '{}', 'b': '[]'}
    text = b'resource "x" "y" {\n  a = "b"\n}\nc = 1\n'
    assert show(tuple(json.stream_json(text, has_root=True)))['c'] == '1'


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('a: b', {'a': 'b'}),
        ('- a\n- b', {'0': 'a', '1': 'b'}),
        ('a:\n  - b\n  - c: d\n  - [e, f]', {'a.0': 'b', 'a.1.c': 'd', 'a.2.0': 'e', 'a.2.1': 'f'}),
        ('a: {b: c}\nd: e', {'a.b': 'c', 'd': 'e'}),
        ('a: {}\nb: []\nc: d', {'c': 'd'}),
        ('- {a: 1}\n- {a: 2}', {'0.a': '1', '1.a': '2'}),
        ('- []\n- {}\n- a', {'2': 'a'}),
        ('a: &x {b: c}\nd: *x', {'a.b': 'c'}),
    ],
)
def test_yaml(text: str, want: dict[str, str]) -> None:
    found = show(yaml.settings(text.encode()))
    assert {path: found.get(path) for path in want} == want
    assert set(found) - set(want) <= {'', 'd.b', 'a.0'}


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('', {}),
        ('key,secret\na,b\n', {'key': 'a', 'secret': 'b'}),
        ('key;secret\na;b\n', {'key': 'a', 'secret': 'b'}),
        ('key,secret\n"a,b",c\n', {'key': 'a,b', 'secret': 'c'}),
    ],
)
def test_tables(text: str, want: dict[str, str]) -> None:
    found = csv.settings(text.encode())
    assert {setting.path[-1]: setting.value.decode() for setting in found} == want


@pytest.mark.parametrize(
    ('user', 'is_key'), [('k1' * 8, True), ('k1' * 7, False), ('k' * 16, False), ('1' * 16, False)]
)
def test_logins(user: str, is_key: bool) -> None:
    want = [('api_key', user), ('secret', 'pass-word')] if is_key else []
    for text in (
        f'machine h login {user} password pass-word\n',
        f'<username>{user}</username>\n<password>pass-word</password>',
    ):
        found = netrc.settings(text.encode())
        assert [(one.path[-1], one.value.decode()) for one in found] == want
        assert [text[one.start : one.end] for one in found] == [value for _, value in want]


@pytest.mark.parametrize(
    ('code', 'want'), [("'a'", 'a'), ("'a' 'b'", 'ab'), ('a', None), ('1', None), ("f'a'", None)]
)
def test_literals_of_python(code: str, want: str | None) -> None:
    assert python_ast.read_literal(ast.parse(code, mode='eval').body) == want


def test_names_and_entries_of_python() -> None:
    for code, want in (('a', 'a'), ('a.b.c', 'a.b.c'), ('a().b', ''), ('a[0]', '')):
        assert python_ast.dotted_name(ast.parse(code, mode='eval').body) == want
    code = "{'a': 1, b: 2, **c, 'd' 'e': 3}"
    other = ast.parse(code, mode='eval').body
    assert isinstance(other, ast.Dict)
    assert [key for key, _ in python_ast.list_entries(other)] == ['a', 'de']


def test_formatted_strings_become_lines() -> None:
    assert (
        python_cst.replace_formatted_strings(b"a = f'{b}'\nc = 'd'\n") == b"a = ''''''\nc = 'd'\n"
    )
    assert python_cst.replace_formatted_strings(b'a = f"""b\n{c}"""\n') == b"a = '''\n'''\n"
    assert python_cst.replace_formatted_strings(b'a = (') is None


@pytest.mark.parametrize(
    ('code', 'want'),
    [
        ("k = a + 'efghijkl'", 'abcdefghijkl'),
        ("k = (a + 'efghijkl')", 'abcdefghijkl'),
        ("k = 'efghijkl' 'mn' + a", 'efghijklmnabcd'),
        ("k = ''.join(['abcdef', 'ghijkl'])", 'abcdefghijkl'),
        ("k = ''.join([a, 'efghijkl'])", 'abcdefghijkl'),
        ("k = '-'.join(['abcd', 'efgh', 'ij'])", 'abcd-efgh-ij'),
        ("k = ['abcdef', 'ghijkl'].join('')", 'abcdefghijkl'),
        ("k = ['abcdef', 'ghijkl'].join('-')", 'abcdef-ghijkl'),
        ("k = f'{a}efghijkl'", 'abcdefghijkl'),
        ("k = 'efghijkl%s' % a", 'efghijklabcd'),
        ("k = 'efghijkl{}'.format(a)", 'efghijklabcd'),
        ("k = a + 'efghijk'", None),
        ("k = b + 'efghijkl'", None),
        ("k = a - 'efghijkl'", None),
        ("k = f'{b}efghijkl'", None),
        ("k = ''.join([])", None),
    ],
)
def test_constant_texts(code: str, want: str | None) -> None:
    data = f"a = 'abcd'\n{code}\n".encode()
    found = [fold.data.decode() for fold in fold_constants(data, [(0, len(data))])]
    assert found == ([want] if want else [])


@pytest.mark.parametrize(
    ('run', 'data', 'pieces'),
    [
        (rb'\x61\x62c', b'abc', (OffsetSegment(0, 0, 2, 4), OffsetSegment(2, 8, 1))),
        (
            rb'\x61-\x62',
            b'a-b',
            (OffsetSegment(0, 0, 1, 4), OffsetSegment(1, 4, 1), OffsetSegment(2, 5, 1, 4)),
        ),
        (rb'\x61\u0062', b'ab', (OffsetSegment(0, 0, 1, 4), OffsetSegment(1, 4, 1, 6))),
        (rb'\u00e4', 'ä'.encode(), (OffsetSegment(0, 0, 2, 6, 2),)),
        (rb'\xff', b'\xff', (OffsetSegment(0, 0, 1, 4),)),
        (rb'\u{61}', b'a', (OffsetSegment(0, 0, 1, 6),)),
    ],
)
def test_backslashes(run: bytes, data: bytes, pieces: tuple[OffsetSegment, ...]) -> None:
    found = decode_backslashes(run)
    assert found is not None
    assert found == (data, pieces)


def test_runs_of_escapes() -> None:
    assert decode_backslashes(b'abc') is None
    assert decode_percent(b'%61%62c') == (
        b'abc',
        (OffsetSegment(0, 0, 2, 3), OffsetSegment(2, 6, 1)),
    )
    assert decode_percent(b'a%6') is None
    quoted = decode_quoted_printable(b'a=\nb=3D')
    assert quoted is not None
    assert quoted[0] == b'ab='
    split = decode_quoted_printable(b'=41=\n=42')
    assert split == (b'AB', (OffsetSegment(0, 0, 1, 3), OffsetSegment(1, 5, 1, 3)))
    assert decode_hex(b'0x6162') == (b'ab', (OffsetSegment(0, 2, 2, 2),))
    assert decode_hex(b'616') is None
    assert [
        narrow_utf16(data) for data in (b'', b'a\0b\0', b'a\0b', b'a\0\0b', b'a\0b\1', b'\0\0')
    ] == [*(None, b'ab', None, None, None, None)]


@pytest.mark.parametrize(
    ('data', 'want'),
    [
        pytest.param('ab' * 40, 'utf-16-le', id='little-endian'),
        pytest.param('ab' * 40, 'utf-16-be', id='big-endian'),
        pytest.param('ä€' * 5 + 'ab' * 40, 'utf-16-le', id='few others'),
    ],
)
def test_wide_texts(data: str, want: str) -> None:
    assert to_text(data.encode(want)) == (data.encode(), True)


@pytest.mark.parametrize('step', [(b'a', b'\0'), (b'\0', b'a')])
def test_zeros_in_every_place_are_no_text(step: tuple[bytes, bytes]) -> None:
    """Nearly every second byte is zero, but so are many of the others."""
    letter = b''.join(step)
    data = (letter + b'\0\0') * 40 + letter * 60
    assert to_text(data) == (data, False)
