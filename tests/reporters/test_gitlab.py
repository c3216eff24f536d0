"""Check the commit that GitLab's report names."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run
from tests.reporters.bots import SCAN


def test_gitlab_names_the_commit_of_the_pipeline(keylint: Run, tree: Path) -> None:
    for given_sha, want in (('c' * 40, 'c' * 40), ('', '0000000'), ('$(rm)', '0000000')):
        document = json.loads(keylint(*SCAN, '--format', 'gitlab', CI_COMMIT_SHA=given_sha).stdout)
        assert {one['location']['commit']['sha'] for one in document['vulnerabilities']} == {want}
