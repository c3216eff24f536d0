"""`keylint keys --format html`: why each key is judged so, the smallest one, and links."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from tests.commands.test_keys import BOT
from tests.conftest import Run

INVENTORY = """keys:
  - exchange: kraken
    label: '<b onclick="x()">grid</b>'
    permissions: [read, trade, withdraw]
    ip_allowlist: []
    secret_ref: env:KRAKEN_SECRET
"""
PAGE = 'https://www.kraken.com/u/security/api'


@pytest.fixture(scope='module')
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of one run, for all tests."""
    folder = tmp_path_factory.mktemp('bot')
    (folder / 'bot.py').write_text(BOT)
    (folder / 'keys.yaml').write_text(INVENTORY)
    options = ('--today', '2026-01-01', '--isolated', '--no-progress', '--format', 'html')
    command = [sys.executable, '-m', 'keylint', 'keys', '.', *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_each_reason_has_its_severity_its_rule_and_its_steps(page: str) -> None:
    why = unescape(page.split('<dt>why</dt>')[1].split('<dt>')[0])
    rules = re.findall(r'>([a-z-]+)</a>\)', why)
    assert rules[0] == 'key-can-withdraw'
    assert {'key-can-withdraw', 'key-unrestricted-ip', 'key-exceeds-code'} <= set(rules)
    assert 'may withdraw' in why
    assert 'Untick "Withdraw Funds"' in why


def test_smallest_key_is_told_in_steps(page: str) -> None:
    recipe = unescape(page.split('<dt>smallest key</dt>')[1].split('</ol>')[0])
    steps = re.findall('<li>(.*?)</li>', recipe)
    assert recipe.startswith('<dd>the code needs to read and trade')
    assert any('Create & Modify Orders' in step for step in steps)
    assert not any(step.startswith('tick') and 'Withdraw' in step for step in steps)


def test_page_of_the_rule_is_the_only_address_beside_those_of_rules(page: str) -> None:
    links = set(re.findall('href="([^"]*)"', page))
    assert len(links) > 1
    own = {link for link in links if not link.startswith('https://keylint.readthedocs.io/')}
    assert own == {PAGE}


def test_foreign_text_stays_text(page: str) -> None:
    assert '<b onclick' not in page
    assert '<script' not in page
    assert '&lt;b onclick=' in page


def test_unknown_need_has_no_recipe(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(
        'import ccxt\nx = ccxt.kraken({"apiKey": K})\ngetattr(x, n)()\n'
    )
    page = keylint('keys', '.', '--isolated', '--no-progress', '--format', 'html').stdout
    assert 'no key is recommended' in page
    assert '<ol>' not in page
