"""What stands for `re` behaves as `re` does, and imports it only where it must."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from keylint.core import lazy_re

_TEXT = 'one 22 three\nFour 5'
_CALLS: dict[str, Callable[[Any], object]] = {
    'match': lambda module: module.match(r'\w+', _TEXT)[0],
    'search': lambda module: module.search(r'\d+', _TEXT).span(),
    'fullmatch': lambda module: module.fullmatch(r'\d+', _TEXT),
    'findall': lambda module: module.findall(rb'\d', b'a1b2'),
    'finditer': lambda module: [found.span() for found in module.finditer(r'\d', _TEXT)],
    'split': lambda module: module.split(r'\s', _TEXT),
    'sub': lambda module: module.sub(r'\d', '#', _TEXT),
    'sub with a function': lambda module: module.sub(r'\d+', lambda found: found[0] * 2, _TEXT),
    'flags': lambda module: module.findall(r'^f\w+', _TEXT, flags=module.M | module.IGNORECASE),
    'flags of sub': lambda module: module.sub('FOUR', '4', _TEXT, flags=module.IGNORECASE),
    'compile': lambda module: module.compile('a.b', module.DOTALL).search('xa\nb').span(),
    'escape': lambda module: module.escape(''.join(map(chr, range(300)))),
    'escape of bytes': lambda module: module.escape(bytes(range(256))),
    'another name': lambda module: module.purge(),
}


@pytest.mark.parametrize('name', _CALLS)
def test_it_answers_as_the_module(name: str) -> None:
    assert _CALLS[name](lazy_re.re) == _CALLS[name](re)


@pytest.mark.parametrize('name', ['IGNORECASE', 'MULTILINE', 'DOTALL', 'VERBOSE'])
def test_flags_have_the_same_numbers(name: str) -> None:
    assert getattr(lazy_re.re, name) == int(getattr(re, name))


def test_a_mistake_is_told_as_usual() -> None:
    with pytest.raises(re.error, match='unterminated'):
        lazy_re.re.search('[a', _TEXT)
    # In this place `re` takes flags; the method of an expression would take where to begin.
    with pytest.raises(TypeError):
        lazy_re.re.search('F', _TEXT, re.IGNORECASE)


def test_what_is_kept_is_answered_without_the_module() -> None:
    code = (
        'import sys\n'
        'from keylint.core import regex_cache, lazy_patterns, lazy_re\n'
        'assert lazy_re.re.escape("a.b") == "a\\\\.b"\n'
        'print("re" in sys.modules, "typing" in sys.modules)\n'
        'lazy_re.re.search("a rare expression", "text")\n'
        'print("re" in sys.modules)'
    )
    command = [sys.executable, '-I', '-S', '-c', f'import sys; sys.path[:0] = {sys.path}\n{code}']
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.split() == [b'False', b'False', b'True']
