"""Words that made the pages, the help and the messages hard to read stay out of them.

A list of our own, because linters of prose fetch their styles from a network.
"""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.conftest import Run

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for page in (*ROOT.glob('*.md'), *ROOT.glob('docs/*.md'), *ROOT.glob('rules/**/*.yaml'))
    if page.name not in ('session.md', 'known.yaml', 'libraries.yaml', 'CONTRIBUTING.md')
)
WORDS = re.compile(
    r"""
    \bmend(?:s|ed|ing)?\b                        # fix
    | \b(?:is|are|was|were)[ ]told\b             # is reported
    | \bnot[ ]said\b                             # not stated
    | \bto[ ]the[ ]letter\b                      # strictly
    | \bheld[ ]against\b                         # compared with
    | \bstands?[ ](?:in(?![ ]the[ ]way|[ ]a[ ]row)|there|beside|behind|nowhere|elsewhere)\b
    | \bnobody[ ]signs[ ]for\b
    | \bperhaps[ ](?:live|testnet|paper|of)\b    # likely
    | \bfor[ ]what[ ]is[ ]not[ ]yours\b           # for anything you do not recognise
    | \bwritten[ ]from\b                         # generated from
    | \btaken[ ]for[ ]nothing\b                  # counted as none
    | \bwhich[ ]is[ ]no\b                        # which is not a
    | (?m:^(?:Silent|Told)[ ](?:is|are)\b)       # inverted
    """,
    re.VERBOSE,
)
COMMANDS = ('scan', 'keys', 'publish', 'baseline', 'fix', 'init', 'doctor', 'config', 'explain')


def find_words(text: str) -> list[str]:
    return [found.group() for found in WORDS.finditer(re.sub(r'`[^`]*`', '`code`', text))]


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('What cannot be mended today', ['mended']),
        ('It stands in the file', ['stands in']),
        ('Nothing stands in the way', []),
        ('two words stand in a row', []),
        ('told apart', []),
    ],
)
def test_the_list_finds_words(text: str, found: list[str]) -> None:
    assert find_words(text) == found


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.name)
def test_a_page_has_none_of_the_words(page: Path) -> None:
    assert find_words(page.read_text(encoding='utf-8')) == []


def test_the_help_has_none_of_the_words(keylint: Run) -> None:
    for command in COMMANDS:
        assert find_words(keylint(command, '--help').stdout) == []


def test_messages_have_none_of_the_words() -> None:
    """Look at the strings of the code, not at its comments and docstrings.

    Those of the policies stay as they are: fingerprints in baselines are made from them.
    """
    wrong = []
    for path in sorted((ROOT / 'keylint').rglob('*.py')):
        if path.parent.name == 'policies':
            continue
        tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding='utf-8')).readline)
        wrong += [
            f'{path.name}:{token.start[0]}: {found}'
            for token in tokens
            if token.type == tokenize.STRING and not token.string.endswith('"""')
            for found in find_words(token.string)
        ]
    assert wrong == []
