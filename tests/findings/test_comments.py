"""What is a comment and what a string, by the ending of the file."""

from __future__ import annotations

import pytest

from keylint.findings.comments import _lexer, map_comments


def cut(text: str, path: str) -> tuple[list[str], list[str]]:
    marks = map_comments(text.encode(), path)
    comments, strings = ([text[first:last] for first, last in spans] for spans in marks)
    return comments, strings


@pytest.mark.parametrize(
    ('path', 'text', 'comments', 'strings'),
    [
        ('a.py', "a = 'b' # c 'd'", ["# c 'd'"], ["'b'"]),
        ('a.py', "a = '#b'  // c", [], ["'#b'"]),
        ('a.py', 'a = """b\n# c""" # d', ['# d'], ['"""b\n# c"""']),
        ('a.py', "a = '''b\n# c", [], ["'''b\n# c"]),
        ('a.py', 'a#b', ['#b'], []),
        ('a.py', "a = 'b\\'#c'", [], ["'b\\'#c'"]),
        ('a.yaml', 'a: b#c # d', ['# d'], []),
        ('a.yaml', "a: don't # c", ['# c'], []),
        ('a.yaml', 'a: "b # c"', [], ['"b # c"']),
        ('a.yaml', 'a: b // c', [], []),
        ('a.yaml', 'a: `b # c`', ['# c`'], []),
        ('a.ini', 'a = b ; c', ['; c'], []),
        ('a.ini', 'a = b;c', [], []),
        ('a.tf', 'a = "b" # c\n// d\n/* e\nf */', ['# c', '// d', '/* e\nf */'], ['"b"']),
        ('a.js', 'a = `b\n// c` # d', [], ['`b\n// c`']),
        ('a.js', "a = 'https://b' // c", ['// c'], ["'https://b'"]),
        ('a.js', 'a = https://b', [], []),
        ('a.js', '/* a * / b', ['/* a * / b'], []),
        ('a.json', '{"a": "// b"} // c', ['// c'], ['"a"', '"// b"']),
        ('a.json', '{"a": `b // c`}', ['// c`}'], ['"a"']),
        ('a.css', 'a // b /* c */', ['/* c */'], []),
        ('a.html', "<a b='c'> <!-- d - e -->", ['<!-- d - e -->'], ["'c'"]),
        ('a.html', '<!-- a\nb', ['<!-- a\nb'], []),
        ('a.vue', '<!-- a --> `b` // c', ['<!-- a -->', '// c'], ['`b`']),
        ('a.sql', "'a' -- b\n/* c */ # d", ['-- b', '/* c */'], ["'a'"]),
        ('a.sql', 'a--b', [], []),
        ('a.tex', 'a \\% b % c', ['% c'], []),
        ('a.bat', 'REM a\nremark\n:: b', ['REM a', ':: b'], []),
        ('a.vb', "a = b ' c\nREM d", ["' c", 'REM d'], []),
        ('a.lisp', '(a) ; b', ['; b'], []),
        ('a.txt', "# a\n// b\n'c' -- d\n; e\n% f", ['# a', '// b', '-- d', '; e', '% f'], ["'c'"]),
        ('a.txt', '`a # b`', ['# b`'], []),
        ('Dockerfile', 'A=1 # b\n// c', ['# b'], []),
    ],
)
def test_comments_and_strings(
    path: str, text: str, comments: list[str], strings: list[str]
) -> None:
    assert cut(text, path) == (comments, strings)


def test_backticks_make_strings_in_languages_with_templates_only() -> None:
    _lexer.cache_clear()  # what an earlier test has made would hide who needs it
    assert cut('a = `b // c` // d', 'a.js') == (['// d'], ['`b // c`'])
    assert cut('a = `b // c` // d', 'a.tf') == (['// c` // d'], [])
