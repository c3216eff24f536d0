"""What is said of keys outside of documents: strings, setters, keywords, elements, tables."""

from __future__ import annotations

from pathlib import Path

import pytest

import keylint

ANYWHERE = {'key-can-withdraw', 'key-unrestricted-ip'}
TRANSFERS = {'key-can-transfer', 'key-unrestricted-ip'}
GATE = 'https://api.gateio.ws/api/v4/sub_accounts/1/keys'
LOUD = {
    'dict in a list': (
        'keys.py',
        "KEYS = [dict(exchange='kraken', permissions=['read', 'withdraw'], ip_allowlist=[])]\n",
        ANYWHERE,
    ),
    'constructor with keywords': (
        'conf.py',
        "KEY = ApiKey(exchange='kraken', permissions=['read', 'withdraw'], ip_allowlist=[])\n",
        ANYWHERE,
    ),
    'objects of the Gate SDK': (
        'gate.py',
        'from gate_api import SubAccountApi, SubAccountKey, SubAccountKeyPerms\n'
        "SubAccountApi(c).create_sub_account_keys(1, SubAccountKey(name='x', "
        "perms=[SubAccountKeyPerms(name='wallet', read_only=False)]))\n",
        TRANSFERS,
    ),
    'builder of the KuCoin SDK': (
        'kucoin.py',
        'from kucoin_universal_sdk.generate.account.sub_account import AddSubAccountApiReqBuilder\n'
        'req = AddSubAccountApiReqBuilder().set_passphrase(p).set_remark("r")'
        '.set_permission("General,Spot,InnerTransfer").set_ip_whitelist("").build()\n',
        TRANSFERS,
    ),
    'dataclass': (
        'conf.py',
        "@dataclass\nclass KrakenKey:\n    exchange: str = 'kraken'\n"
        "    permissions: tuple = ('read', 'withdraw')\n    ip_allowlist: tuple = ()\n",
        ANYWHERE,
    ),
    'pydantic': (
        'conf.py',
        "class KrakenSettings(BaseSettings):\n    api_key: str = ''\n"
        "    permissions: list[str] = Field(default=['read', 'withdraw'])\n"
        '    ip_whitelist: list[str] = Field(default_factory=list)\n',
        ANYWHERE,
    ),
    'Java setters': (
        'Conf.java',
        'KrakenKey key = new KrakenKey();\nkey.setExchange("kraken");\n'
        'key.setPermissions(List.of("read", "withdraw"));\nkey.setIpWhitelist(List.of());\n',
        ANYWHERE,
    ),
    'Go struct': (
        'conf.go',
        'var key = KeyConfig{\n\tExchange:    "kraken",\n'
        '\tPermissions: []string{"read", "withdraw"},\n\tIPWhitelist: []string{},\n}\n',
        ANYWHERE,
    ),
    'JSON in a string': (
        'gate.py',
        f'requests.post(\'{GATE}\', data=\'{{"perms": [{{"name": "wallet"}}], '
        '"ip_whitelist": []}\')\n',
        TRANSFERS,
    ),
    'JSON behind curl -d': (
        'key.sh',
        f'curl -X POST {GATE} -d \'{{"perms": [{{"name": "wallet"}}], "ip_whitelist": []}}\'\n',
        TRANSFERS,
    ),
    'body of an n8n node': (
        'flow.json',
        f'{{"nodes": [{{"parameters": {{"url": "{GATE}", "jsonBody": '
        '"{\\"perms\\":[{\\"name\\":\\"wallet\\"}],\\"ip_whitelist\\":[]}"}}]}\n',
        TRANSFERS,
    ),
    'JSON behind the prefix of a log': (
        'bot.log',
        '2026-01-01 INFO binance says {"ipRestrict": false, "enableReading": true, '
        '"enableWithdrawals": true, "enableInternalTransfer": false}\n',
        ANYWHERE,
    ),
    'XML': (
        'conf.xml',
        '<keys><key><exchange>kraken</exchange><permissions><permission>read</permission>'
        '<permission>withdraw</permission></permissions><ipWhitelist></ipWhitelist></key></keys>\n',
        ANYWHERE,
    ),
    'properties with the exchange on another line': (
        'app.properties',
        'bot.exchange=kraken\nbot.api.permissions=read,withdraw\nbot.api.ip-whitelist=*\n',
        ANYWHERE,
    ),
    '1Password export': (
        'item.json',
        '{"title": "Kraken grid bot", "category": "API_CREDENTIAL", "fields": ['
        '{"id": "a", "label": "permissions", "value": "read, withdraw"}, '
        '{"id": "b", "label": "ip whitelist", "value": "none"}]}\n',
        ANYWHERE,
    ),
    'CSV inventory': (
        'keys.csv',
        'exchange,label,permissions,ip whitelist\nkraken,grid,"read, withdraw",none\n'
        'binance,tax,read,52.54.32.109\n',
        ANYWHERE,
    ),
    'Markdown inventory': (
        'KEYS.md',
        '# Keys\n\n| Exchange | Label | Permissions | IP whitelist |\n|---|---|---|---|\n'
        '| Kraken | grid | read, withdraw | none |\n| Binance | tax | read | 52.54.32.109 |\n',
        ANYWHERE,
    ),
    'an agent server that may withdraw': (
        'mcp.json',
        '{"mcpServers": {"kraken": {"command": "npx", "args": ["-y", "kraken-mcp", '
        '"--allow-withdrawals"], "env": {"KRAKEN_API_KEY": "${K}"}}}}\n',
        {'key-can-withdraw'},
    ),
    'rights below rights': (
        'conf.ts',
        "const key = { exchange: 'bybit', apiKey: process.env.K, "
        "permissions: { spot: true, wallet: { withdraw: true } }, ips: '*' };\n",
        ANYWHERE,
    ),
}
SILENT = {
    'what exchanges offer': (
        'README.md',
        '| Exchange | Withdraw | Trade | Permissions |\n|---|---|---|---|\n'
        '| Kraken | yes | yes | all |\n| Binance | yes | yes | all |\n',
    ),
    'parameters of an endpoint': (
        'api.md',
        '# Kraken API\n\n| Name | Type | Permissions |\n|---|---|---|\n'
        '| amount | string | withdraw |\n',
    ),
    'names of variables': (
        'make.py',
        'def make(exchange, permissions, ip_allowlist):\n'
        '    return ApiKey(exchange=exchange, permissions=permissions,\n'
        '        ip_allowlist=ip_allowlist)\n',
    ),
    'permissions of a web framework': (
        'views.py',
        'class KrakenViewSet(ModelViewSet):\n'
        "    permission_classes = ['IsAuthenticated']\n    permissions = ['view_order']\n",
    ),
    'OpenAPI schema': (
        'openapi.yaml',
        'KucoinSubKey:\n  type: object\n  properties:\n    apiKey: {type: string}\n'
        '    permission: {type: string}\n'
        '    ipWhitelist: {type: string, description: IP whitelist of kucoin}\n',
    ),
    'types of a generated model': (
        'model.py',
        "openapi_types = {'user_id': 'str', 'perms': 'list[SubAccountKeyPerms]', "
        "'ip_whitelist': 'list[str]', 'state': 'int'}  # gate\n",
    ),
    'masked addresses': (
        'kucoin.json',
        '{"remark": "x", "apiKey": "63032453e75087000182982b", "permission": "General", '
        '"ipWhitelist": "203.**.154", "createdAt": 1790000000000}\n',
    ),
    'remarks beside addresses': (
        'conf.yaml',
        'exchange: binance\napi_key: ${K}\npermissions: [read]\nip: {restrict: true, '
        'comment: static address of the office router, list: [52.54.32.109]}\n',
    ),
    'a remark behind an address': (
        'conf.yaml',
        'exchange: binance\napi_key: ${K}\npermissions: [read]\n'
        'ip_whitelist: "52.54.32.109 # office"\n',
    ),
    'a note beside an address': (
        'conf.json',
        '{"exchange": "binance", "apiKey": "", "permissions": ["read"], '
        '"ip": {"note": "only the server in Frankfurt", "office": "52.54.32.109"}}\n',
    ),
}


def scan_one(folder: Path, name: str, text: str) -> set[str]:
    (folder / name).write_text(text, encoding='utf-8')
    report = keylint.scan(folder, isolated=True, today='2026-10-01')
    assert not report.failures
    found = [one.rule for one in report.findings if one.severity != 'info']
    policies = [rule for rule in found if rule.startswith('key-') and rule != 'key-exceeds-code']
    assert len(policies) == len(set(policies)), 'one key is one finding of a kind'
    return set(policies)


@pytest.mark.parametrize('shape', LOUD)
def test_kind_14_is_read(shape: str, tmp_path: Path) -> None:
    name, text, rules = LOUD[shape]
    assert scan_one(tmp_path, name, text) == rules


@pytest.mark.parametrize('shape', SILENT)
def test_kind_11_and_claim_9_are_silent(shape: str, tmp_path: Path) -> None:
    name, text = SILENT[shape]
    assert scan_one(tmp_path, name, text) == set()
