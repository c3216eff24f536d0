"""Which files `keylint fix` opens again to change them."""

from __future__ import annotations

from typing import Any

import pytest

from keylint.cli import main
from keylint.commands import fix
from keylint.core.blob import Origin
from keylint.fix.repair import RepairOutcome, repair_file
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository

PAIR = "BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:64}'\n"


def test_a_file_whose_findings_are_accepted_is_not_scanned_again(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its outcome would be the same: only who repairs a file knows that this one was left out."""
    opened: list[str] = []

    def note(origin: Origin, *rest: Any) -> RepairOutcome:
        opened.append(origin.path)
        return repair_file(origin, *rest)

    monkeypatch.setattr(fix, 'repair_file', note)
    monkeypatch.chdir(repository.folder)
    repository.write('accepted.py', expand_recipes(PAIR, 'accepted'))
    assert main(['baseline', 'create']) == 0
    repository.write('open.py', expand_recipes(PAIR, 'open'))
    main(['fix', '--dry-run', '.'])
    assert opened == ['open.py']
