"""Every table of words and every pattern that decides still stands in the package.

They stand there word for word.

They stand there word for word.

A table is known by what it holds, not by its name or module: it may move and be renamed. One that
loses, gains or changes a word is missed here. Most words of most tables have no case of their own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import keylint
from tests.contracts.digests import UPDATE, digest_of, read_kept

KEPT = 'word_tables.json'
PACKAGE = Path(keylint.__file__).parent
# What only shows, asks or installs; their texts have tests of their own.
SHOWING = ('reporters', 'commands', 'integrations', 'cli.py', 'completion.py')
_WORD = re.compile(r'[A-Za-z]{2,}')
_MODULE = re.compile(r'keylint\.|\w+\.py$')
# Fewer different words are no table.
_FEWEST = 3
_CONSTANT = re.compile(r'_{0,2}[A-Z][A-Z0-9_]*')
_DISPLAYS = (ast.Tuple, ast.List, ast.Set, ast.Dict)
_SETS = ('frozenset', 'set')


@cache
def canonical_form(node: ast.AST) -> Any:
    """Return the constants in an expression in a form that says nothing of names.

    One item, or a list in their order.
    """
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bytes):
            return ('bytes', node.value.decode('latin-1'))
        return None if node.value is Ellipsis else node.value
    if (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == 're'
        and node.attr.isupper()
    ):
        return f're.{node.attr}'
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == 'split'
        and not node.args
    ):
        return sorted(text_of(node.func.value).split()) or None
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        rows = [
            [canonical_form(key) if key else None, canonical_form(value)] for key, value in pairs
        ]
        return sorted(rows, key=repr)
    found = [
        form
        for child in ast.iter_child_nodes(node)
        if (form := canonical_form(child)) not in (None, [])
    ]
    if isinstance(node, (ast.BinOp, ast.JoinedStr)):
        found = joined(found)
    is_set = isinstance(node, ast.Set) or (
        isinstance(node, ast.Call) and getattr(node.func, 'id', '') in _SETS
    )
    if is_set and len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    if is_set:
        return sorted(found, key=repr)
    return found[0] if len(found) == 1 else found


def text_of(node: ast.AST) -> str:
    value = node.value if isinstance(node, ast.Constant) else ''
    return value.decode('latin-1') if isinstance(value, bytes) else str(value)


def joined(forms: list[Any]) -> list[Any]:
    """Join neighbouring texts of a sum: how a pattern is broken over lines says nothing."""
    rows: list[Any] = []
    for form in forms:
        for item in form if isinstance(form, list) else [form]:
            last = rows[-1] if rows else None
            if isinstance(item, str) and isinstance(last, str):
                rows[-1] = last + item
            elif isinstance(item, tuple) and isinstance(last, tuple):
                rows[-1] = ('bytes', last[1] + item[1])
            else:
                rows.append(item)
    return rows


def leaves(form: Any) -> Iterator[str]:
    """Iterate over all texts in a canonical form."""
    if isinstance(form, str):
        yield form
    elif isinstance(form, (list, tuple)):
        for item in form[1:] if isinstance(form, tuple) else form:
            yield from leaves(item)


def is_table(form: Any) -> bool:
    """Tell whether a form holds words enough to be called a table.

    It must name no module of the package, which may move.

    It must name no module of the package, which may move.
    """
    texts = list(leaves(form))
    words = {word for text in texts for word in _WORD.findall(text)}
    return len(words) >= _FEWEST and not any(_MODULE.match(text) for text in texts)


def is_of_constants(node: ast.AST) -> bool:
    """Tell whether a display holds texts, numbers and displays of them alone."""
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def is_word_call(node: ast.AST) -> bool:
    """Tell whether a call splits a text into words or hands a pattern to `re`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    is_pattern = getattr(node.func.value, 'id', '') == 're' and bool(node.args)
    return is_pattern or (node.func.attr == 'split' and bool(text_of(node.func.value)))


def kept_forms(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Iterate over the outermost tables below a node, with names for constants."""
    for child in ast.iter_child_nodes(node):
        name, value = name_and_value(child)
        if name or is_word_call(child) or (isinstance(child, _DISPLAYS) and is_of_constants(child)):
            form = canonical_form(value)
            if is_table(form):
                yield name, form
                continue
        yield from kept_forms(child)


def name_and_value(node: ast.AST) -> tuple[str, ast.AST]:
    """Return the name of a constant and what it is, or the node itself without a name."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name) and _CONSTANT.fullmatch(target.id):
            return target.id, node.value
    return '', node


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Iterate over the modules of the package, parsed."""
    for path in sorted(PACKAGE.rglob('*.py')):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_bytes())


def kept_tables() -> list[str]:
    """Return a line for each table of the deciding modules.

    Its digest, how many texts it holds, where it stood.
    """
    rows: dict[str, str] = {}
    for path, tree in sources():
        if path.startswith(SHOWING):
            continue
        for name, form in kept_forms(tree):
            digest = digest_of(form)
            rows.setdefault(digest, f'{digest} {len(list(leaves(form)))} {path} {name}'.strip())
    return list(rows.values())


def test_every_table_still_stands_somewhere() -> None:
    """What became part of a larger table is found too, whatever holds it now."""
    forms = (
        canonical_form(node)
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.expr)
    )
    found = {digest_of(form) for form in forms if is_table(form)}
    lost = [row for row in read_kept(KEPT) if row.split()[0] not in found]
    assert not lost, f'{UPDATE} Tables that are gone or changed: {lost}'


def forms(source: str) -> list[Any]:
    return [form for _, form in kept_forms(ast.parse(source))]


def test_a_table_is_known_by_its_words_alone() -> None:
    split = forms("_WORDS = frozenset('paper live demo'.split())")
    assert split == forms("class A:\n    NAMES = {'live', 'demo', 'paper'}") != []
    assert split == forms("def f(x):\n    return x in {'demo', 'paper', 'live'}")
    assert split not in (
        forms("_WORDS = frozenset('paper live demo test'.split())"),
        forms("_WORDS = {'paper', 'live', 'dem'}"),
    )
    assert forms("_WORDS = frozenset('paper live'.split())") == []  # two words are no table
    assert forms("A = ('live', 'paper', 'demo')") != forms(
        "A = ('paper', 'live', 'demo')"
    )  # the order may decide
    table = forms("A = {'bb': 'live', 'aa': 'paper'}")
    assert (
        table
        == forms("B = {'aa': 'paper', 'bb': 'live'}")
        != forms("B = {'aa': 'live', 'bb': 'paper'}")
    )
    pattern = forms("A = re.compile(rb'paper|demo|' + X + rb'[a-z]' + rb'live', re.IGNORECASE)")
    assert (
        pattern
        == forms("B = re.compile(rb'pap' rb'er|demo|' + Y + rb'[a-z]live', re.IGNORECASE)")
        != []
    )
    assert pattern != forms("B = re.compile(rb'paper|demo|' + Y + rb'[a-z]live')")
