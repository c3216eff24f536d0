"""Dictionaries and lists in programs of any language: names, paths and places."""

from __future__ import annotations

import pytest

from keylint.readers.literals import find_literals, read_literals


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
    assert list(find_literals(data, False)) == [('a', 0 + 4, 21), ('e', 27, 32)]
