"""Somebody's own configuration is read whatever names it shares with an exchange's document."""

from __future__ import annotations

import pytest

from keylint.core.terms import PERMISSIONS
from keylint.declarations.issuers import KEY_ISSUER_KINDS
from keylint.rules.load import load_rules
from keylint.rules.rule_set import RuleSet
from tests.declarations.entries import declare

ADDRESS = '52.54.32.109'
SHAPES = {
    'config.yaml': (
        'exchange: {0}\napi_key: ${{KEY}}\npermissions: [read, trade, withdraw]\n'
        f'ip_whitelist: [{ADDRESS}]\n'
    ),
    'perms.yaml': (
        'exchange: {0}\napi_key: ${{KEY}}\nperms: [read, spot, withdrawal]\n'
        f'ip_whitelist: [{ADDRESS}]\n'
    ),
    'nested.yaml': (
        'exchange: {0}\napi_key: ${{KEY}}\n'
        'permissions: {{read: true, trade: true, wallet: {{withdraw: true}}}}\n'
        f'ip_whitelist: [{ADDRESS}]\n'
    ),
    'switches.yaml': (
        'exchange: {0}\napi_key: ${{KEY}}\nread_only: false\npermissions: {{read: true, trade: '
        f'true, withdraw: true}}}}\nips: [{ADDRESS}]\n'
    ),
    'config.toml': (
        '[exchange]\nname = "{0}"\napiKey = "${{KEY}}"\nreadOnly = false\n'
        f'permissions = ["read", "trade", "withdraw"]\nips = ["{ADDRESS}"]\n'
    ),
    'config.json': (
        '{{"exchange": "{0}", "apiKey": "", "perm": "read,trade,withdraw", '
        f'"ip": "{ADDRESS}"}}}}\n'
    ),
    'secrets.enc.yaml': (
        '{0}:\n  apikey: ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]\n'
        f'  permissions: [read, trade, withdraw]\n  ip_whitelist: [{ADDRESS}]\n'
    ),
    'keys.ts': (
        "export const config = {{ exchange: '{0}', apiKey: process.env.KEY, readOnly: false,\n"
        f"  permissions: ['read', 'trade', 'withdraw'], ips: ['{ADDRESS}'] }}}};\n"
    ),
}


def list_issuers(pack: RuleSet) -> list[str]:
    return sorted(issuer for issuer, rule in pack.rules.items() if rule.kind in KEY_ISSUER_KINDS)


@pytest.mark.parametrize('issuer', list_issuers(load_rules(()).pack))
def test_kind_6_no_document_swallows_own_words(issuer: str, pack: RuleSet) -> None:
    """A vendor's document with two common names does not hide rights and addresses."""
    for name, text in SHAPES.items():
        found = declare(text.format(issuer).encode(), name, pack)
        assert len(found) == 1, (name, found)
        [said] = found
        granted = [level for level in PERMISSIONS if level in (said.permissions or ())]
        assert {'read', 'trade', 'withdraw'} <= set(granted), (name, said)
        assert (said.restriction, said.addresses) == ('listed', (ADDRESS,)), (name, said)


def test_kind_6_an_answer_without_rights_stays_an_answer(pack: RuleSet) -> None:
    text = b'exchange: bybit\napikey: x\npermissions: {Wallet: [], Spot: []}\nips: "*"\n'
    [said] = declare(text, 'answer.yaml', pack)
    assert said.permissions == frozenset()
    assert said.restriction == 'none'
