"""What a finding takes over from a declaration: rights, addresses, the environment it states."""

from __future__ import annotations

import pytest

from keylint.core.claims import UNKNOWN_ENVIRONMENT
from keylint.findings.declared import claim_declared, summarise_declaration
from tests.policies.declared import declare

ADDRESSES = ('52.54.32.109', '52.54.32.110')


@pytest.mark.parametrize(
    ('permissions', 'want'), [(None, None), ((), ()), (('withdraw', 'read'), ('read', 'withdraw'))]
)
def test_rights(permissions: tuple[str, ...] | None, want: tuple[str, ...] | None) -> None:
    shown = summarise_declaration(declare(permissions=permissions))
    assert shown.permissions == want
    assert (shown.exchange, shown.label, shown.source) == ('kraken', 'grid', 'inventory')


@pytest.mark.parametrize(
    ('restriction', 'want'),
    [('listed', ADDRESSES), ('none', ADDRESSES), ('placeholder', None), ('unknown', None)],
)
def test_addresses(restriction: str, want: tuple[str, ...] | None) -> None:
    said = declare(restriction=restriction, addresses=ADDRESSES)
    assert summarise_declaration(said).ip_allowlist == want


@pytest.mark.parametrize(
    ('environment', 'source', 'certainty'),
    [
        ('live', 'inventory', 'proven'),
        ('testnet', 'document', 'proven'),
        ('live', 'config', 'likely'),
    ],
)
def test_environments(environment: str, source: str, certainty: str) -> None:
    claim = claim_declared(declare(environment=environment, source=source))
    assert (claim.topic, claim.value, claim.certainty) == ('environment', environment, certainty)
    assert claim.proof is not None
    assert claim.proof.text == f'the {source} says so'


def test_nothing_is_claimed_where_nothing_is_said() -> None:
    assert claim_declared(declare(environment='unknown')) == UNKNOWN_ENVIRONMENT
