"""What `fix` makes of a literal of Python evaluates to what stood there, or it is left alone."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from keylint.cli import main
from keylint.fix import removal
from keylint.fix.edits import SecretSpan, UnfixableError
from keylint.fix.names import Names
from keylint.fix.python import fix_python
from keylint.fix.python_literals import find_range, list_literals
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

PREFIXES = ('', '', '', 'r', 'b', 'rb', 'Rb', 'u', 'f', 'rf', 'F')
QUOTES = ("'", '"', "'''", '"""')
ESCAPES = (r'\x41', r'\u0041', r'\U00000041', r'\101', r'\7', r'\n', r'\t', r'\\', r'\"', r'\'')
NAMED = (r'\N{LATIN SMALL LETTER A}', '\\\n', r'\xff', r'\ud800', r'\0', r'\q')
AROUND = ('', ' ', 'key=', 'a b ', '{1 + 1}', '{{x}}')
COUNT = 4000


def make_piece(chance: random.Random, value: str) -> str:
    """Write a value with escapes somewhere in it, and text around it."""
    text = list(value)
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        text[chance.randrange(len(text))] = chance.choice(ESCAPES + NAMED)
    return ''.join((chance.choice(AROUND), *text, chance.choice(AROUND)))


def make_literal(chance: random.Random, value: str) -> str:
    prefix, quote = chance.choice(PREFIXES), chance.choice(QUOTES)
    return f'{prefix}{quote}{make_piece(chance, value)}{quote}'


def evaluate(source: bytes, **variables: str) -> object:
    """Run a program with variables of the environment, and return what it calls VALUE."""
    scope: dict[str, object] = {}
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        exec(compile(source, '<made>', 'exec', dont_inherit=True), scope)  # noqa: S102 - our own text
    finally:
        os.environ.clear()
        os.environ.update(before)
    return scope['VALUE']


@pytest.mark.slow
@pytest.mark.filterwarnings('ignore')
def test_a_changed_literal_evaluates_to_what_stood_there() -> None:
    chance = random.Random(17)  # noqa: S311 - the same literals each time
    fixed = left = 0
    for number in range(COUNT):
        value = expand_recipes('{alnum:24}', f'literals/{number}')
        pieces = [make_literal(chance, value) for _ in range(chance.choice((1, 1, 1, 2)))]
        source = f'VALUE = ({chance.choice((" ", " + ", chr(10))).join(pieces)})\n'.encode()
        try:
            before = evaluate(source)
        except (SyntaxError, TypeError, UnicodeError):
            continue
        # Rules name any run of the text: it may begin or end within an escape.
        start = source.index(b'=') + 2 + chance.randrange(12)
        span = SecretSpan(
            start, min(len(source) - 3, start + 8 + chance.randrange(30)), 'secret', 'S'
        )
        try:
            repaired = fix_python(source, [span], Names({}))
        except UnfixableError:
            left += 1
            continue
        moved = {move.name: move.value for move in repaired.moves}
        if all('\0' not in text for text in moved.values()):
            assert evaluate(repaired.data, **moved) == before, (source, repaired.data)
            fixed += 1
    assert fixed > COUNT // 8
    assert left > COUNT // 20


@pytest.mark.parametrize(
    ('text', 'first', 'taken'),
    [
        (r'abcdef tail', 'abcd', r'abcd'),
        (r'abcdef\x41xyz tail', 'abcd', r'abcdef\x41xyz'),
        (r'head abc\x41def', 'def', r'abc\x41def'),
        (r'abcd ef\x41', 'abcd', r'abcd'),
    ],
)
def test_a_value_reaches_over_the_escapes_of_its_run(text: str, first: str, taken: str) -> None:
    """Rules see a part of it; what hangs on that part by an escape belongs to it for Python."""
    data = f"KEY = '{text}'\n".encode()
    start = data.index(first.encode())
    span = SecretSpan(start, start + len(first), 'secret', 'KEY')
    place = find_range(data, list_literals(data), span)
    assert data[place.start : place.end] == taken.encode()


ACCOUNT = "BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:30}ESCAPE{alnum:33}'\n"


@pytest.mark.parametrize('escape', [*ESCAPES, r'\N{LATIN SMALL LETTER A}', '\\\n'])
def test_an_escape_ends_no_run_and_nothing_of_the_value_is_printed(
    keylint: Run, repository: Repository, escape: str
) -> None:
    """The file is mended as a whole or left, and the file beside it is mended."""
    source = expand_recipes(ACCOUNT, f'escape {escape}')
    repository.write('a.py', source.replace('ESCAPE', escape))
    repository.write('b.py', expand_recipes("KRAKEN_SECRET = '{base64:64}'\n", escape))
    for arguments in (('fix', '--dry-run', '.'), ('fix', '.')):
        done = keylint(*arguments, cwd=repository.folder)
        shown = done.stdout + done.stderr
        assert 'Traceback' not in shown
        for line in source.splitlines():
            for run in line.partition("'")[2].strip("'").split('ESCAPE'):
                assert not any(run[at : at + 5] in shown for at in range(len(run) - 4)), shown
    assert 'os.environ' in (repository.folder / 'b.py').read_text()


def test_an_accident_in_one_file_leaves_the_others(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of a parser is told for its file, without the text of the exception."""
    source = expand_recipes("KRAKEN_SECRET = '{base64:64}'\n", 'accident')
    for name in ('a.py', 'b.py'):
        repository.write(name, source)
    real = removal.remove_values

    def fail(path: str, *arguments: object) -> object:
        if Path(path).name == 'a.py':
            raise LookupError(source)
        return real(path, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr('keylint.fix.repair.remove_values', fail)
    monkeypatch.chdir(repository.folder)
    main(['fix', '.'])
    shown = capsys.readouterr()
    assert 'left   line 1' in shown.out
    assert 'LookupError' in shown.out
    assert source.split("'")[1][:6] not in shown.out + shown.err
    assert 'os.environ' in (repository.folder / 'b.py').read_text()
