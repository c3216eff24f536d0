"""Tell calls in tests, and in functions that nothing calls, from those that a key is needed for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keylint.core.key_model import ApiCall, CallStanding, CodeFacts, FunctionUse

_TEST_FILE = re.compile(
    r'(?:^|/)(?:tests?|testing|__tests__|__mocks__|specs?|[\w.]+\.Tests?)/'
    r'|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$|_test\.go$|_tests?\.rs$'
    r'|[.-](?:test|spec|e2e)\.[cm]?[jt]sx?$|Tests?\.(?:java|kt|cs)$'
)
# What a program that is run from outside calls: the usual names of entry points.
_ENTRY_POINTS = frozenset(
    {'main', 'run', 'start', 'handler', 'lambda_handler', 'cli', 'app', 'Main'}
)
_PLAIN_BASES = frozenset({'', 'object', 'ABC', 'Protocol', 'Generic', 'Exception'})


def is_test(path: str) -> bool:
    """Tell whether a file belongs to a tree's tests."""
    return _TEST_FILE.search(path.replace('\\', '/')) is not None


def find_unreached(
    files: Iterable[CodeFacts], mentioned: frozenset[str] = frozenset()
) -> dict[str, set[str]]:
    """Return the functions that no code of the files calls: by path, as `Class.name`.

    A name that stands anywhere in what runs counts as a call, and so does everything that a
    framework may call. `mentioned` are the names in files that nobody read.
    """
    facts = [fact for fact in files if fact.is_parsed]
    foreign = _find_foreign_classes(facts)
    open_uses: dict[str, list[FunctionUse]] = {}
    names: set[str] = {*_ENTRY_POINTS, *mentioned}
    for fact in facts:
        names |= fact.mentions
        for use in fact.functions:
            if use.is_root or use.owner in foreign or is_test(fact.path):
                names |= use.mentions
                names.add(use.name)
            else:
                open_uses.setdefault(use.name, []).append(use)
    stack = [name for name in names if name in open_uses]
    while stack:
        for use in open_uses.pop(stack.pop(), ()):
            new = use.mentions - names
            names |= new
            stack += [name for name in new if name in open_uses]
    return {
        fact.path: {f'{use.owner}.{use.name}' for use in fact.functions if use.name in open_uses}
        for fact in facts
    }


def _find_foreign_classes(facts: list[CodeFacts]) -> set[str]:
    """Return the classes that derive from one of somebody else, whose code may call them."""
    bases = {name: set(own) for fact in facts for name, own in fact.bases}
    foreign: set[str] = set()
    for _ in range(len(bases) + 1):
        new = {
            name
            for name, own in bases.items()
            if name not in foreign and (own - bases.keys() - _PLAIN_BASES or own & foreign)
        }
        if not new:
            break
        foreign |= new
    return foreign


def tell_standing(call: ApiCall, unreached: dict[str, set[str]]) -> CallStanding:
    """Tell whether a call is made by what runs, by tests, or by nothing."""
    if is_test(call.path):
        return 'test'
    return 'unreached' if call.function in unreached.get(call.path, ()) else 'used'
