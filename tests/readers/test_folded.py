"""Constant expressions.

Worked out like Python does it, without running anything; what is no constant is left alone.
"""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.core.model import Fragment
from keylint.core.spans import map_to_blob
from keylint.readers.constant_folding import fold_constants

PART = st.text('abcXYZ0189', min_size=4, max_size=20)


def made(text: str) -> list[bytes]:
    data = text.encode()
    return [fold.data for fold in fold_constants(data, [(0, len(data))])]


SILENT = {
    'a literal': 'x = "abcdefghijkl0123"\n',
    'literals side by side': 'x = "abcdefgh" + "ijkl0123"\n',  # `joined` reads these
    'an unknown name': 'x = "abcdefghijkl" + other\n',
    'a call': 'x = A + make()\nA = "abcdefghijkl"\n',
    'a name bound twice': 'A = "abcdefghijkl"\nA = "ABCDEFGHIJKL"\nx = A + A\n',
    'a name bound to something else, too': 'A = "abcdefghijkl"\nA = make()\nx = A + A\n',
    'a name that is a part of another': 'DATA = "abcdefghijkl"\nx = A + A\n',
    'a field that is an expression': 'A = "abcdefghijkl"\nx = f"{A}{A!r}"\n',
    'a method': 'A = "abcdefghijkl"\nx = A.lower() + A\n',
    'an index': 'A = "abcdefghijkl"\nx = A[1:] + A\n',
    'a join of a variable': 'x = "".join(parts)\n',
    'a join of a generator': 'x = "".join(c for c in "abcdefghijkl")\n',
    'too short': 'x = "".join(["a", "b"])\n',
    'too few values': 'x = "abcdefghijkl%s%s" % ("a",)\n',
    'an image that is decoded': 'x = base64.b64decode('
    '"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ")\n',
}


@pytest.mark.parametrize('case', SILENT)
def test_silent(case: str) -> None:
    assert made(SILENT[case]) == []


A = 'A = "abc0123456"\nB = \'def789\'\n'
FOUND = {
    'join': 'x = "".join(["abc0123456", "def789"])',
    'join of a tuple on lines': 'x = "".join((\n    "abc0123456",  # first\n    "def789",\n))',
    'join of names': A + 'x = "".join([A, B])',
    'an f-string': A + 'x = f"{A}{B}"',
    'an f-string with text': 'B = "456def"\nx = f"abc0123{B}789"',
    'percent': A + 'x = "%s%s" % (A, B)',
    'percent with one value': A + 'x = "abc0123456%s" % B',
    'format': A + 'x = "{}{}".format(A, B)',
    'format by number': A + 'x = "{0}{1}".format(A, B)',
    'format by name': A + 'x = "{a}{b}".format(b=B, a=A)',
    'sum of names': A + 'x = A + B',
    'sum of a name and a literal': A + 'x = A + "def789"',
    'sum in brackets on lines': A + 'x = (A\n    + B)',
    'a class': 'class P:\n    A = "abc0123456"\n    B = "def789"\nx = P.A + P.B',
    'attributes': 'self.A = "abc0123456"\nself.B = "def789"\nx = self.A + self.B',
    'an argument': A + 'Client(secret=A + B)',
    'an entry': A + 'x = {"secret": A + B}',
    'base64': 'x = base64.b64decode("YWJjMDEyMzQ1NmRlZjc4OQ==").decode()',
    'base64 of names': 'A = "YWJjMDEyMzQ1"\nB = "NmRlZjc4OQ=="\nx = b64decode(A + B)',
    'hex': 'x = bytes.fromhex("6162633031323334353664656637 3839")'.replace(' ', ''),
    'a template': 'const a = "abc0123456";\nlet b = `def789`;\nx = `${a}${b}`',
    'a typed constant': 'const a: string = "abc0123456";\nx = a + "def789"',
    'a list that joins': 'x = ["abc0123456", "def789"].join("")',
    'atob': 'x = atob("YWJjMDEyMzQ1NmRlZjc4OQ==")',
    'a buffer': 'x = Buffer.from("YWJjMDEyMzQ1NmRlZjc4OQ==", "base64").toString()',
    'a buffer of hex': "x = Buffer.from('6162633031323334353664656637" + "3839', 'hex')",
}


@pytest.mark.parametrize('case', FOUND)
def test_found(case: str) -> None:
    assert made(FOUND[case] + '\n') == [b'abc0123456def789']
    assert made('# words\n' * 30 + FOUND[case] + ';\n') == [b'abc0123456def789']


@given(
    st.lists(PART, min_size=3, max_size=6),
    st.sampled_from(('join', 'format', 'percent', 'f', 'sum')),
)
def test_as_python_does_it(parts: list[str], form: str) -> None:
    names = [f'N{number}' for number in range(len(parts))]
    lines = ''.join(f'{name} = {part!r}\n' for name, part in zip(names, parts, strict=True))
    expression = {
        'join': f'"".join([{", ".join(names)}])',
        'format': f'"{"{}" * len(parts)}".format({", ".join(names)})',
        'percent': f'"{"%s" * len(parts)}" % ({", ".join(names)})',
        'f': 'f"' + ''.join('{' + name + '}' for name in names) + '"',
        'sum': ' + '.join(names),
    }[form]
    text = f'{lines}x = {expression}\n'
    space: dict[str, str] = {}
    exec(compile(ast.parse(text), 'made', 'exec'), space)  # noqa: S102 - the text is ours
    data = text.encode()
    (fold,) = fold_constants(data, [(0, len(data))])
    assert fold.data.decode() == space['x']
    start, end = map_to_blob(Fragment(fold.data, fold.pieces), 0, len(fold.data))
    assert fold.start <= fold.start + start < fold.start + end <= fold.end
    assert data[fold.start : fold.end].decode() == expression


@given(st.text('ab"\'`+%{}[]()., \n$fA=\\', max_size=200))
def test_any_text_ends(text: str) -> None:
    data = ('A = "abcdefghijkl"\nx = ' + text).encode()
    for fold in fold_constants(data, [(0, len(data))]):
        assert 0 <= fold.start < fold.end <= len(data)
        assert fold.data


def test_deep_brackets_end() -> None:
    assert made('x = ' + '(' * 100_000) == []
    assert made('x = ' + '["a' * 100_000) == []
    assert made('x = ' + '"abcdefghijkl" + ' * 100_000) == []
