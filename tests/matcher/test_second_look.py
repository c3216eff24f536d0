"""What a second look at a match puts to sleep, and what it does not."""

from __future__ import annotations

import pytest

from keylint.declarations.relevance import drop_irrelevant_declarations
from keylint.matcher.prefilter import filter_matches
from keylint.readers.formats import format_of
from keylint.rules.load import Rules
from keylint.rules.recipes import expand_recipes

pytestmark = pytest.mark.slow  # every example of every rule, in every surrounding


JOBS = (
    b'on: push\npermissions:\n  contents: read\n  id-token: write  # to publish\n'
    b'jobs:\n  a:\n    permissions: {}\n    runs-on: any\n'
)


IMAGE_AND_TEXT = b'<image href="%s"/><a href="data:text/plain;base64,%s"/>'


PNG = b'data:image/png;base64,iVBORw0KGgo'


WORD = b'c2VjcmV0'  # `secret` in base64


LULLABIES = {
    'an argument with a number in its midst': (
        'a.py',
        b'if api.has("fetchL2OrderBook"):\n    pass\n',
    ),
    'a number that is added to': ('a.py', b'make(env=e, seed=seed + rank, other=1)\n'),
    'the rights of jobs': ('.github/workflows/ci.yml', JOBS),
    'the scope of a fixture': (
        'pyproject.toml',
        b'asyncio_default_fixture_loop_scope = "function"\n',
    ),
    'a whitelist of pairs': ('a.py', b'# Extend active-pair whitelist with pairs of open trades\n'),
    'an image': ('a.svg', b'<image href="' + PNG + b'A' * 400 + WORD + b'A' * 400 + b'"/>'),
}


CALLS_TO_WAKE = {
    'an argument that is a value': (
        'a.py',
        f'if api.has("{expand_recipes("{alnum:24}", "a")}"):\n    pass\n'.encode(),
    ),
    'a text that is put together': ('a.py', b'seed = seed + rest_of_it\n'),
    'an argument that is put together': ('a.py', b'make(seed=first + second)\n'),
    'a text beside a number that is added to': (
        'a.py',
        b'make(secret=first + second, seed=seed + rank)\n',
    ),
    'rights as a list': (
        '.github/workflows/ci.yml',
        b'on: push\npermissions:\n  - withdraw\njobs:\n  a: 1\n',
    ),
    'rights of another kind': (
        '.github/workflows/ci.yml',
        b'on: push\npermissions:\n  withdraw: write\njobs:\n  a: 1\n',
    ),
    'rights on one line': (
        '.github/workflows/ci.yml',
        b'on: push\npermissions: [trade, withdraw]\njobs:\n  a: 1\n',
    ),
    'other rights in a workflow': (
        '.github/workflows/ci.yml',
        JOBS + b'    env:\n      KEY_PERMISSIONS: withdraw\n',
    ),
    'rights in a file without jobs': ('a.yml', JOBS.replace(b'jobs:', b'keys:')),
    'a scope': ('pyproject.toml', b'key_scope = "withdraw"\n'),
    'a whitelist of addresses': ('a.py', b'# Leave the IP whitelist of the API key open\n'),
    'a word behind an image': (
        'a.svg',
        IMAGE_AND_TEXT % (PNG + b'A' * 400, b'A' * 40 + WORD + b'A' * 40),
    ),
    'a text that is said to be an image': (
        'a.svg',
        b'<image href="data:image/png;base64,' + b'A' * 400 + WORD + b'A' * 400 + b'"/>',
    ),
}


def wakes(rules: Rules, path: str, data: bytes) -> bool:
    found = filter_matches(data, rules.matcher.find_matches(data))
    return bool(drop_irrelevant_declarations(data, format_of(path), found, rules.matcher))


@pytest.mark.parametrize('case', LULLABIES)
def test_what_a_second_look_puts_to_sleep(rules: Rules, case: str) -> None:
    assert not wakes(rules, *LULLABIES[case])


@pytest.mark.parametrize('case', CALLS_TO_WAKE)
def test_what_looks_like_it_still_wakes(rules: Rules, case: str) -> None:
    assert wakes(rules, *CALLS_TO_WAKE[case])
