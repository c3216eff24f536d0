"""Every policy has a page that speaks of any exchange, and every threshold stands on one."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.core.terms import THRESHOLDS
from keylint.reporters.rule_page import render_policy_page
from keylint.rules.file_types import PolicyTable
from keylint.rules.files import Examples, read_policy_examples, read_shared

DOCS = Path(__file__).parent.parent.parent / 'docs'


def list_policies() -> list[PolicyTable]:
    return read_shared()['policies']['policies']


@pytest.mark.parametrize('policy', list_policies(), ids=lambda policy: str(policy['id']))
def test_every_policy_has_a_page_that_speaks_of_any_exchange(policy: PolicyTable) -> None:
    shared = read_shared()['policies']
    examples = read_policy_examples(shared)[policy['id']]
    page = render_policy_page(policy, examples, shared['thresholds'])
    assert page == (DOCS / 'rules' / f'{policy["id"]}.md').read_text(encoding='utf-8')
    text = page.partition('## Examples')[0]
    assert '{' not in text
    assert '  ' not in text
    assert [line for line in page.splitlines() if line.startswith('## ')][:2] == [
        '## Why',
        '## What to do',
    ]
    assert {'Found:', 'Silent:'} <= set(page.splitlines())
    assert all(level in text for level in policy['severity'].values())
    assert f'[{policy["id"]}]({policy["id"]}.md)' in (DOCS / 'rules' / 'index.md').read_text(
        encoding='utf-8'
    )


@pytest.mark.slow
def test_every_threshold_stands_on_a_page() -> None:
    shared = read_shared()['policies']
    nothing = Examples('', (), {'loud': [], 'silent': []})
    pages = ''.join(
        render_policy_page(policy, nothing, shared['thresholds']) for policy in list_policies()
    )
    assert [name for name in THRESHOLDS if f'`{name}`' not in pages] == []
