"""Check the policy of the HTML report."""

from __future__ import annotations

import re

from tests.reporters.hostile import hostile_report
from tests.reporters.sound import written


def test_the_page_allows_its_own_script_and_style_only() -> None:
    import base64
    import hashlib

    text = written('html', hostile_report('x', 'y'))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for tag in ('script', 'style'):
        inner = re.search(rf'<{tag}>(.*?)</{tag}>', text, re.DOTALL)
        assert inner is not None
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")
    assert not re.search(r'(?i)(?:src|url)\s*[=(]\s*["\']?http', text)
