"""Dictionaries and lists in programs of any language: names, paths and places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.readers import literals
from keylint.readers.literal_brackets import CALLS, JOINS, TOKEN
from keylint.readers.literals import _LEADS, LiteralSpan, find_literals, read_literals


def read(text: str, is_prose: bool = False) -> dict[str, str]:
    """Return path and value of all settings, each checked to stand where it is said to."""
    data = text.encode()
    found = {}
    for literal in read_literals(data, is_prose):
        for setting in literal:
            found['.'.join(setting.path)] = setting.value.decode()
            assert setting.value in data[setting.start : setting.end] or b'\\' in data
    return found


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param('', {}, id='nothing'),
        pytest.param('if (a) { b }', {}, id='a block'),
        pytest.param('f(a, b)', {}, id='a call'),
        pytest.param("x['key']", {}, id='a subscript'),
        pytest.param("a = {'b': 'c'}", {'a.b': 'c'}, id='a mapping'),
        pytest.param("a = ['b', 'c']", {'a.0': 'b', 'a.1': 'c'}, id='a list'),
        pytest.param("a: {'b': 'c'}", {'a.b': 'c'}, id='behind a colon'),
        pytest.param("return {'b': 'c'}", {'.b': 'c'}, id='returned'),
        pytest.param("a; return {'b': 'c'}", {'.b': 'c'}, id='a statement ends a name'),
        pytest.param("f({'b': 'c'})", {'f.b': 'c'}, id='an argument'),
        pytest.param("f(1, {'b': 'c'})", {'f.b': 'c'}, id='a second argument'),
        pytest.param("a = dict(b='c')", {'a.b': 'c'}, id='a call of dict'),
        pytest.param("a = OrderedDict(b='c')", {'a.b': 'c'}, id='an ordered one'),
        pytest.param("a = {'b': dict(c='d')}", {'a.b.c': 'd'}, id='dict within'),
        pytest.param("a = {'b': ('c', 'd')}", {'a.b.0': 'c', 'a.b.1': 'd'}, id='a tuple'),
        pytest.param("a = {'b': ('c',)}", {'a.b.0': 'c'}, id='a tuple of one'),
        pytest.param("a = {'b': {'c', 'd'}}", {'a.b.0': 'c', 'a.b.1': 'd'}, id='a set'),
        pytest.param("a = {'b': {'c'}}", {'a.b.0': 'c'}, id='a set of one'),
        pytest.param("a = {'b': [{'c': 'd'}]}", {'a.b.0.c': 'd'}, id='a list of mappings'),
        pytest.param("a: Config = {'b': 'c'}", {'a.b': 'c'}, id='an annotation'),
        pytest.param("a: dict[str, str] = {'b': 'c'}", {'a.b': 'c'}, id='a long annotation'),
        pytest.param("a:\nb = {'b': 'c'}", {'b.b': 'c'}, id='a label is no annotation'),
        pytest.param("a = {# 'x': 'y'\n'b': 'c'}", {'a.b': 'c'}, id='a comment'),
        pytest.param("a = {/* 'x': 'y' */ 'b': 'c'}", {'a.b': 'c'}, id='a block comment'),
        pytest.param("a = {'b': 'http://c'} // 'd'", {'a.b': 'http://c'}, id='a URL'),
        pytest.param("a = {'b': 'c'} b = {'d': 'e'}", {'a.b': 'c', 'b.d': 'e'}, id='two'),
        pytest.param("a = {'b': 'c'", {}, id='not closed'),
        pytest.param("}) a = {'b': 'c'}", {'a.b': 'c'}, id='closed too often'),
        pytest.param("module.a = {'b': 'c'}", {'module.a.b': 'c'}, id='an attribute'),
    ],
)
def test_settings_of_literals(text: str, want: dict[str, str]) -> None:
    assert read(text) == want


@pytest.mark.parametrize('text', ["{'b': 'c'}", "text\n  {'b': 'c'}", "> {'b': 'c'}"])
def test_in_prose_a_literal_may_begin_a_line(text: str) -> None:
    assert read(text) == {}
    assert [path.rpartition('.')[2] for path in read(text, is_prose=True)] == ['b']
    assert read(f'x {text.splitlines()[-1].strip("`> ")}', is_prose=True) == {}


def test_spans_are_those_of_outermost_literals() -> None:
    data = b"a = {'b': {'c': 'd'}}; e = ['f']"
    assert list(find_literals(data, False)) == [
        LiteralSpan('a', 0 + 4, 21),
        LiteralSpan('e', 27, 32),
    ]


_PARTS = (
    '"a b"', "'x'", '`t`', '"', '{', '}', '[', ']', '(', ')', '=', ':', ',', ';', '\n', ' ', '>',
    '# c\n', '// c\n', '/* c */', 'https://a', '/', '\\', 'name', 'x.y', '$a', '12', 'dict',
    'return', 'data', 'Dict', 'self.read',
)  # fmt: skip


def find_by_all_tokens(data: bytes, is_prose: bool) -> list[tuple[str, int, int]]:
    """Find outermost literals as a reader does that looks at every token of the text."""
    found: list[tuple[str, int, int]] = []
    stack: list[tuple[int, bool, str]] = []
    last = name = typed = b''
    inside = type_start = 0
    for token in TOKEN.finditer(data):
        text, kind = token.group(), token.lastgroup
        if kind == 'comment':
            continue
        if kind == 'open':
            line = data[data.rfind(b'\n', 0, token.start()) + 1 : token.start()]
            begins = last in JOINS or last in _LEADS or (is_prose and not line.strip(b' \t>`'))
            is_literal = not inside and (last in CALLS if text == b'(' else begins)
            stack.append((token.start(), is_literal, name.decode()))
            inside += is_literal
        elif kind == 'close' and stack:
            start, is_literal, own = stack.pop()
            if is_literal:
                found.append((own, start, token.end()))
                inside -= 1
        elif kind == 'name' and text not in (*_LEADS, *CALLS):
            name = text
        elif text == b';':
            name = b''
        elif text == b':' and not stack:
            typed, type_start = name, token.end()
        elif text == b'=' and typed:
            name = typed if not stack and b'\n' not in data[type_start : token.start()] else name
            typed = b''
        last = text
    return found


@given(st.lists(st.sampled_from(_PARTS), max_size=40).map(''.join), st.booleans())
@settings(max_examples=500)
def test_a_look_at_brackets_alone_finds_the_same(text: str, is_prose: bool) -> None:
    data = text.encode()
    found = [literal[:3] for literal in find_literals(data, is_prose)]
    assert found == find_by_all_tokens(data, is_prose)
    at = data.find(b'name')
    held = [literal[:3] for literal in find_literals(data, is_prose, [at])]
    assert held == [one for one in found if one[1] - 160 < at <= one[2]]


@pytest.mark.parametrize(
    'between',
    [
        '',
        '    a = {"name": 1}\n',
        '    """Say { [ and ".\n\n    def g(\n    """\n',
        "    '''\ndef g():\n    '''\n",
        "    a = '''\ndef g():\n    b = {'name': 2}\n'''\n",
        "    a = '''\ndef g():\n    b = {'name': 2}\n",
        "    a = f(  # it's {\n    )\n",
        '    a = "an end\n',
        "    a = b'\\'' + r'\\\\'\n    x = ('#', \"'\")\n",
        'class K:\n    async def g(self, a={"name": 3}):\n        pass\n',
    ],
)
def test_of_python_the_same_is_found_without_what_stands_before(between: str) -> None:
    text = f"x = {{'a': {{'name': 0}}}}\ndef f():\n{between}"
    text += "def h(a, b={'name': 4}) -> dict[str, int]:\n    return {'name': (5, 6)}\n" * 2
    data = text.encode()
    offsets = [match.start() for match in re.finditer(b'name', data)]
    for places in (*([one] for one in offsets), offsets, offsets[::2], [], [len(data) + 1]):
        whole = list(find_literals(data, False, places))
        assert list(find_literals(data, False, places, is_python=True)) == whole


def test_of_python_a_bracket_without_end_hides_nothing_of_the_next_function() -> None:
    data = b"def f():\n    a = ([\n\ndef g():\n    rights = {'name': 1}\n"
    (found,) = find_literals(data, False, [data.index(b'name')], is_python=True)
    assert (found.name, data[found.start : found.end]) == ('rights', b"{'name': 1}")


def test_of_a_large_literal_only_what_holds_a_place_is_read() -> None:
    fees = ''.join(f"'market{n}': {{'maker': {n}, 'taker': {n}}}, " for n in range(50))
    data = f"describe = {{'fees': {{{fees}}}, 'rights': {{'withdraw': True}}}}".encode()
    place = data.index(b"'withdraw':") + len(b"'withdraw':")
    paths = ['.'.join(one.path) for part in read_literals(data, False, [place]) for one in part]
    assert paths == ['describe.fees.', 'describe.rights.withdraw']  # fees are not read, nor none


@pytest.mark.parametrize(
    ('text', 'count'),
    [
        ('{' * 200_000, 0),
        ('[1], ' * 60_000, 59_999),
        ('f(' + '{"a": 1}, ' * 20_000 + ')', 20_000),
        ('"' * 200_000, 0),
        ('a = """' * 20_000, 0),
    ],
)
def test_names_far_in_front_are_looked_for_once(
    text: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = text.encode()
    read_bytes = 0
    read = literals._NameState.read

    def count_bytes(state: literals._NameState, data: bytes, first: int, last: int) -> None:
        nonlocal read_bytes
        read_bytes += last - first
        read(state, data, first, last)

    monkeypatch.setattr(literals._NameState, 'read', count_bytes)
    assert sum(1 for _ in find_literals(data, False)) == count
    assert read_bytes <= len(data) + count * 600
