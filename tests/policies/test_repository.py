"""Rules that only the whole tree can break obey the options of a scan as all others do.

An issuer's words bind its own keys only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import BlobResult
from keylint.pipeline.blob import scan_blob
from keylint.policies.repository import check_repository
from keylint.rules.files import read_policy_examples, read_shared
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

pytestmark = pytest.mark.slow  # whole trees

EXAMPLES = read_policy_examples(read_shared()['policies'])
RULES = [
    'keys-drift',
    'keys-too-many',
    'key-unused',
    'key-undeclared',
    'key-exceeds-code',
    'code-withdraws',
    'code-transfers',
]
RANKS = ('info', 'low', 'medium', 'high', 'critical')
DAY = ('--today', '2026-01-01')
Scan = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def scan(keylint: Run, tmp_path: Path) -> Scan:
    """Scan the test's folder: the findings of one rule."""

    def run(rule: str, *arguments: str) -> list[dict[str, Any]]:
        done = keylint(
            'scan', '--format', 'json', '--confidence', 'low', *DAY, *arguments, cwd=tmp_path
        )
        report = json.loads(done.stdout)
        assert report['failures'] == []
        return [finding for finding in report['findings'] if finding['rule'] == rule]

    return run


@pytest.fixture(params=RULES)
def rule(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Write the first loud example of each rule of the whole tree."""
    example = EXAMPLES[request.param].kinds['loud'][0]
    files = example.get('files') or {example['file']: example['text']}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(expand_recipes(text, f'whole tree/{name}'), encoding='utf-8')
    return str(request.param)


def test_options(rule: str, scan: Scan, tmp_path: Path) -> None:
    everything = ('--severity', 'info')
    found = scan(rule, *everything)
    assert found
    path, rank = found[0]['path'], RANKS.index(found[0]['severity'])
    assert rank + 1 < len(RANKS)
    assert scan(rule, '--severity', RANKS[rank]) == found
    assert scan(rule, '--severity', RANKS[rank + 1]) == []
    assert scan(rule, *everything, '--select', rule) == found
    assert scan(rule, *everything, '--select', 'generic,key-stale') == []
    assert scan(rule, *everything, '--ignore', 'generic,key-stale') == found
    assert scan(rule, *everything, '--ignore', rule) == []
    (tmp_path / 'keylint.toml').write_text(
        f'[per-path-ignores]\n"other/" = ["{rule}"]\n"{path}" = ["key-stale"]\n'
    )
    assert scan(rule, *everything) == found
    (tmp_path / 'keylint.toml').write_text(f'[per-path-ignores]\n"{path}" = ["{rule}"]\n')
    assert scan(rule, *everything) == []


def test_the_confidence_of_a_rule_is_held_against_the_threshold(rule: str, scan: Scan) -> None:
    found = scan(rule, '--severity', 'info')
    assert [finding['confidence'] for finding in found] == ['medium'] * len(found)
    assert scan(rule, '--severity', 'info', '--confidence', 'high') == []


INVENTORY = """keys:
  - exchange: kraken
    label: a
    permissions: [read]
    forbidden_permissions: KRAKEN
    ip_allowlist: [52.54.32.109]
  - exchange: binance
    label: b
    permissions: [read]
    forbidden_permissions: BINANCE
    ip_allowlist: [52.54.32.109]
"""
CODE = """import ccxt
bot = ccxt.binance({"apiKey": key, "secret": secret})
bot.withdraw("BTC", 1, "address")
"""


@pytest.mark.parametrize(
    ('kraken', 'binance', 'severity', 'is_forbidden'),
    [
        ('[]', '[]', 'info', False),
        ('[withdraw]', '[]', 'info', False),
        ('[]', '[withdraw]', 'high', True),
    ],
    ids=['nobody denies', 'another issuer denies', 'its own issuer denies'],
)
def test_a_denial_binds_the_issuer_that_it_is_for(
    kraken: str, binance: str, severity: str, is_forbidden: bool, scan: Scan, tmp_path: Path
) -> None:
    (tmp_path / 'keys.yaml').write_text(
        INVENTORY.replace('KRAKEN', kraken).replace('BINANCE', binance)
    )
    (tmp_path / 'bot.py').write_text(CODE)
    (finding,) = scan('code-withdraws', '--severity', 'info')
    assert (finding['severity'], 'must not' in finding['message']) == (severity, is_forbidden)


def test_the_order_in_which_files_are_judged_changes_nothing() -> None:
    rules, config = load_rules(), Config(severity='info', confidence='low', today='2026-01-01')
    texts = {
        f'{policy}/{number}/{name}': expand_recipes(text, f'order/{name}').encode()
        for policy, own in EXAMPLES.items()
        for number, example in enumerate(own.kinds['loud'])
        for name, text in (example.get('files') or {example['file']: example['text']}).items()
    }
    results = [scan_blob(Blob(data, Origin(path)), rules, config) for path, data in texts.items()]

    def judge(results: list[BlobResult]) -> list[Finding]:
        records = [record for result in results for record in result.records]
        whole = check_repository(records, texts.__getitem__, list(texts), rules.pack, config)
        return list(whole.findings)

    found = judge(results)
    assert {'keys-drift', 'keys-too-many'} <= {finding.rule for finding in found}
    assert judge(results[::-1]) == found
