"""benchmarks/shape.py on small packages: what it counts, what it leaves out, what it refuses."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / 'benchmarks' / 'shape.py'
sys.path.insert(0, str(SCRIPT.parent))  # the script imports its neighbours by name
shape = importlib.import_module('shape')


def write_package(folder: Path, **modules: str) -> Path:
    """Write a package `pack`; `a__b` as a keyword stands for the module `pack.a.b`."""
    package = folder / 'pack'
    package.mkdir()
    for name, text in {'__init__': '', **modules}.items():
        path = package.joinpath(*name.split('__')) if not name.startswith('__') else package / name
        path.parent.mkdir(exist_ok=True)
        path.with_suffix('.py').write_text(text, encoding='utf-8')
    return folder


def measure(folder: Path, *options: str) -> tuple[int, str]:
    """Return exit code and output of the script for the package of `folder`."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = shape.main([str(folder), '--package', 'pack', *options])
    return code, output.getvalue()


def read_rows(folder: Path) -> dict[str, str]:
    """Return the rows of the Markdown table, title to value."""
    code, output = measure(folder, '--markdown')
    assert code == 0
    cells = (line.strip('| ').split(' | ') for line in output.splitlines())
    return {title.replace('`', ''): value for title, value in cells}


@pytest.mark.parametrize(
    ('kind', 'module', 'want'),
    [
        ('one-word', 'def read_file(): ...\ndef __init__(): ...\n', ''),
        ('one-word', 'def _told(): ...\ndef read_file(): ...\n', 'pack/a.py:1: _told'),
        ('one-word', 'class A:\n    def of(self): ...\n', 'pack/a.py:2: of'),
        ('participles', 'def feed_worker(): ...\ndef seed(): ...\n', ''),
        ('participles', 'def masked_line(): ...\n', 'pack/a.py:1: masked_line'),
        ('participles', 'def _held(): ...\n', 'pack/a.py:1: _held'),
        ('long-functions', 'def read_file():\n' + '    ...\n' * 44, ''),
        (
            'long-functions',
            'def read_file():\n' + '    ...\n' * 45,
            'pack/a.py:1: read_file, 46 lines',
        ),
        ('long-files', '\n' * 350, ''),
        ('long-files', '\n' * 351, 'pack/a.py:1: 351 lines'),
        ('wide-lines', '#' * 100 + '\n', ''),
        ('wide-lines', '\n' + '#' * 101 + '\n', 'pack/a.py:2: 101 columns'),
        ('imports', 'import os\nif True:\n    import sys\n', ''),
        (
            'imports',
            'def f():\n    from os import path, sep\n',
            'pack/a.py:2: from os import path, sep',
        ),
        ('idioms', 'a += [b]\nc = d if e else f\nfor g in h: ...\n', ''),
        ('idioms', 'a += [b] if c else []\n', 'pack/a.py:1: conditional list'),
        ('idioms', 'for a in b if c else (): ...\n', 'pack/a.py:1: conditional list'),
        ('idioms', 'a = [*(b if c else ())]\n', 'pack/a.py:1: conditional list'),
        ('idioms', 'a = b if c else d if e else f\n', 'pack/a.py:1: nested ternary'),
        ('any', 'def f(a: int) -> None:\n    b: Any = a\n', ''),
        ('any', 'def f(a: dict[str, Any]): ...\n', 'pack/a.py:1: f'),
        ('any', 'def f() -> typing.Any: ...\n', 'pack/a.py:1: f'),
        ('any', 'def f(*rest: Any): ...\n', 'pack/a.py:1: f'),
    ],
)
def test_offenders_are_listed_by_file_and_line(
    tmp_path: Path, kind: str, module: str, want: str
) -> None:
    code, output = measure(write_package(tmp_path, a=module), '--list', kind)
    assert (code, output.strip()) == (0, want)


def test_one_class_name_in_two_modules_is_ambiguous(tmp_path: Path) -> None:
    modules = {'a': 'class Mark: ...\nclass Once: ...\n', 'b': 'class C:\n    class _Mark: ...\n'}
    _, output = measure(write_package(tmp_path, **modules), '--list', 'classes')
    assert output.splitlines() == ['pack/a.py:1: Mark', 'pack/b.py:2: Mark']


@pytest.mark.parametrize(
    ('modules', 'want'),
    [
        pytest.param({'a': 'from pack import b\n', 'b': 'import os\n'}, '', id='one way'),
        pytest.param(
            {'a': 'from pack import b\n', 'b': 'if TYPE_CHECKING:\n    from pack import a\n'},
            '',
            id='for the type checker only',
        ),
        pytest.param(
            {'r__a': 'import pack.r.b\n', 'r__b': 'import pack.r\n'}, '', id='own package'
        ),
        pytest.param(
            {'a': 'from pack.b import x\n', 'b': 'import pack.a\n'},
            'pack/a.py:1: pack.a <-> pack.b',
            id='pair',
        ),
        pytest.param(
            {
                'a': 'from .b import x\n',
                'b': 'def f():\n    from . import c\n',
                'c': 'import pack.a\n',
            },
            'pack/a.py:1: pack.a <-> pack.b <-> pack.c',
            id='hidden in a function',
        ),
        pytest.param(
            {'a': 'from pack import __version__\n', '__init__': 'from pack import a\n'},
            'pack/__init__.py:1: pack <-> pack.a',
            id='through the package',
        ),
    ],
)
def test_circles(tmp_path: Path, modules: dict[str, str], want: str) -> None:
    code, output = measure(write_package(tmp_path, **modules), '--list', 'circles')
    assert (code, output.strip()) == (0, want)


def test_table_counts_what_it_says(tmp_path: Path) -> None:
    text = '''"""Do."""
import os  # why
import sys  # noqa: F401


def add_all(one, two, three, four, five, six, seven):
    """Add."""
    from pack import b
    found = [x for y in one for x in y]
    found += [two] if three else []
    for each in four if five else ():
        found.append(each)
    return 1 if six else 2 if seven else 3


class Box:
    def put(self, a, b, c, d, e, f): ...
'''
    folder = write_package(tmp_path, a=text, b='', r__c='')
    (folder / 'rules' / 'x').mkdir(parents=True)
    (folder / 'rules' / 'known.yaml').write_text('a: 1\n' * 9)
    (folder / 'rules' / 'x' / 'acme.yaml').write_text('a: 1\n' * 3)
    (folder / 'rules' / 'x' / 'acme.examples.yaml').write_text('a: 1\n' * 5)
    rows = read_rows(folder)
    want = {
        'modules beside the packages': '2',
        'files / lines': '4 / 17',
        'functions': '2',
        'function median / p90 / max': '4.5 / 8 / 8',
        'functions with > 6 parameters (most)': '1 (7)',
        'one-word function names': '1 (50.0 %)',
        'list += [x] if c else [] / for x in y if c else ()': '1 / 1',
        'comprehensions with 2+ for': '1',
        'nested ternaries': '1',
        'imports in functions (own / others)': '1 (1 / 0)',
        'public docstrings': '33 %',
        'comments per 100 lines': '5.9',
        'mean cyclomatic complexity': '3.7',  # 9 (add_all), 1 (put), 2 // 1 (Box)
        'rule files / median / max lines': '1 / 3 / 3',
        'examples files / median / max lines': '1 / 5 / 5',
    }
    assert {title: rows.get(title) for title in want} == want


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('', '1.0'),
        ('    assert a and b\n', '2.0'),
        ('    try:\n        a\n    except A:\n        b\n    else:\n        c\n', '3.0'),
        ('    while a or b or c:\n        d\n    else:\n        e\n', '5.0'),
        ('    match a:\n        case 1: b\n        case _: c\n', '2.0'),
        ('    return [a for a in b if a if c]\n', '4.0'),
        ('    with a:\n        return lambda: b\n', '1.0'),
        ('    def g():\n        if a: b\n', '1.0'),
    ],
)
def test_complexity_is_what_radon_counts(tmp_path: Path, text: str, want: str) -> None:
    folder = write_package(tmp_path, a=f'def f(a):\n{text}    return a\n')
    assert read_rows(folder)['mean cyclomatic complexity'] == want


def test_check_passes_a_small_package(tmp_path: Path) -> None:
    code, output = measure(write_package(tmp_path, a='def read_file(): ...\n'), '--check')
    assert code == 0
    assert output.count(' ok\n') == len(output.split('\n')) - 2


def test_check_names_each_offender(tmp_path: Path) -> None:
    folder = write_package(tmp_path, a='def f(a: Any): ...\ndef read_it(): ...\n')
    code, output = measure(folder, '--check')
    assert code == 1
    assert output.count('MISSED') == 2
    assert output.count('  pack/a.py:1: f\n') == 2  # Any, and a one-word name


def test_a_folder_without_code_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match='no Python files'):
        measure(tmp_path)
