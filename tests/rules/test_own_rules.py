"""Rules of the user's own are rules as ours: listed, explained, with a page that exists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

DOSSIER = """\
id: zoomdex
name: Zoomdex
kind: exchange
credentials:
- role: api-key
  shape: 'zd-[0-9a-f]{32}'
  confidence: documented
  source: https://docs.zoomdex.example/auth
help:
  manage: https://zoomdex.example/keys
  docs: https://docs.zoomdex.example/
  revoke:
  - Delete the key on the page of keys
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'my-rules').mkdir()
    (tmp_path / 'my-rules' / 'zoomdex.yaml').write_text(DOSSIER)
    (tmp_path / 'keylint.toml').write_text('rules = ["my-rules"]\n')
    (tmp_path / 'a.env').write_text(expand_recipes('ZOOMDEX_API_KEY=zd-{hex:32}\n', 'own'))
    return tmp_path


def test_the_configured_folders_are_listed_and_explained(own: Path, keylint: Run) -> None:
    assert 'zoomdex-credential' in keylint('rules').stdout
    assert 'Zoomdex' in keylint('explain', 'zoomdex').stdout
    assert keylint('explain', 'zoomdex-credential').returncode == 0
    (own / 'keylint.toml').write_text('')
    assert keylint('explain', 'zoomdex').returncode == 2
    assert keylint('explain', 'zoomdex', '--rules', 'my-rules').returncode == 0


def test_the_page_of_a_finding_is_one_that_exists(own: Path, keylint: Run) -> None:
    done = json.loads(keylint('scan', '--format', 'json').stdout)
    (finding,) = done['findings']
    assert (finding['rule'], finding['help_url']) == (
        'zoomdex-credential',
        'https://zoomdex.example/keys',
    )
    (own / 'a.env').write_text(expand_recipes('KRAKEN_KEY={base64:56}\n', 'own'))
    done = json.loads(keylint('scan', '--format', 'json').stdout)
    pages = [one['help_url'] for one in done['findings']]
    assert pages == ['https://keylint.readthedocs.io/rules/kraken-credential/']
