"""The matcher misses nothing that detection would find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.matcher.hyperscan import Matcher, compile_database
from keylint.matcher.match import Pattern
from keylint.rules.load import Rules
from keylint.rules.recipes import expand_recipes
from tests.dossiers import examples
from tests.matcher.wide import Twice, carried, carried_in_turn, found, notebook

pytestmark = pytest.mark.slow  # every example of every rule, in every surrounding


ROOT = Path(__file__).parent.parent.parent
# What stands before or behind such a document would break it.
WHOLE_DOCUMENTS = ('.csv', '.tsv', '.json', '.ipynb', '.yaml', '.yml', '.toml', '.xml', '.pem')


# The comparison itself


def test_the_wide_gate_finds_what_a_blind_one_misses(twice: Twice) -> None:
    """Show that the difference is real: without patterns nothing is found, with all everything."""
    data = expand_recipes(
        'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'wide'
    ).encode()
    blind = Rules(
        Matcher(compile_database([b'no such text anywhere']), [Pattern(0, 'name')]),
        twice.rules.folders,
        b'',
        '',
    )
    assert found(blind, 'a.env', data) == []
    assert [finding[0] for finding in twice.awake('a.env', data)] == ['binance-credential']
    assert twice.usual('a.env', b'x = 1\n' * 2000 + data + b'x = 1\n' * 2000) == twice.awake(
        'a.env', b'x = 1\n' * 2000 + data + b'x = 1\n' * 2000
    )


# Texts


def test_every_loud_example(twice: Twice) -> None:
    missed = {
        label: difference
        for label, name, data in examples('loud')
        if (difference := twice.missed(name, data))
    }
    assert missed == {}


def test_a_loud_example_of_every_rule_far_from_the_start_and_with_crlf(twice: Twice) -> None:
    missed = {}
    first: dict[str, tuple[str, str, bytes]] = {}
    for label, name, data in examples('loud'):
        if not name.endswith(WHOLE_DOCUMENTS) and data.count(b'\n') <= 8:
            first.setdefault(label.partition('/')[0], (label, name, data))
    assert len(first) > 100
    for label, name, data in first.values():
        moved = b'# a line of words\n' * 50 + data + b'\n' + b'# a line of words\n' * 25
        for variant in (moved, data.replace(b'\n', b'\r\n')):
            if difference := twice.missed(name, variant):
                missed[label] = difference
    assert missed == {}


def test_every_silent_example(twice: Twice) -> None:
    """What is silent is so because detection says so, not because nobody looked."""
    loud = {
        label: finding
        for label, name, data in examples('silent')
        if (finding := twice.awake(name, data)) != twice.usual(name, data)
    }
    assert loud == {}


@pytest.mark.parametrize('folder', ['leaky-bot', 'clean-bot'])
def test_the_example_bots(twice: Twice, folder: str) -> None:
    paths = [
        path
        for path in (ROOT / 'examples' / folder).rglob('*')
        if path.is_file() and path.suffix != '.pyc'
    ]
    assert len(paths) >= 6
    assert [
        difference for path in paths if (difference := twice.missed(path.name, path.read_bytes()))
    ] == []
    leaks = [
        finding
        for path in paths
        for finding in twice.usual(path.name, path.read_bytes())
        if finding[3]
    ]
    assert bool(leaks) == (folder == 'leaky-bot')


VARIANTS = {
    'as it is': lambda text: text.encode(),
    'crlf': lambda text: text.replace('\n', '\r\n').encode(),
    'utf-16': lambda text: text.encode('utf-16'),
    'between words': lambda text: (
        '# some words\n' * 60 + text + '\n' + '# more words\n' * 60
    ).encode(),
}


@pytest.mark.parametrize('variant', VARIANTS)
def test_every_carrier(twice: Twice, variant: str) -> None:
    missed = {
        label: difference
        for label, name, text in (carried() if variant == 'as it is' else carried_in_turn())
        if (difference := twice.missed(name, VARIANTS[variant](text)))
    }
    assert missed == {}


def test_every_carrier_in_a_notebook(twice: Twice) -> None:
    missed = {
        label: difference
        for label, _, text in carried_in_turn()
        if (difference := twice.missed('a.ipynb', notebook(text)))
    }
    assert missed == {}


def test_every_carrier_in_a_notebook_of_one_line(twice: Twice) -> None:
    """No blanks in the JSON, and the cell's source as one string."""
    missed = {}
    for label, _, text in carried_in_turn():
        for source in (text, text.splitlines(keepends=True)):
            cell: dict[str, Any] = {
                'cell_type': 'code',
                'metadata': {},
                'outputs': [],
                'source': source,
            }
            data = json.dumps({'cells': [cell], 'nbformat': 4}, separators=(',', ':')).encode()
            if difference := twice.missed('a.ipynb', data):
                missed[label] = difference
    assert missed == {}
