"""What people write about their keys in files of any kind.

Issuer, rights, IP restriction and addresses; and what speaks of something else.

An expected declaration reads `issuer: levels / restriction addresses`, with `?` for an issuer that
nobody names and for rights that nobody tells.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keylint.core.model import KeyDeclaration
from keylint.core.terms import PERMISSIONS
from keylint.declarations.extract import find_declarations
from keylint.readers.formats import FORMATS, Format, format_of
from keylint.readers.notebook import read_fragments
from keylint.readers.parsed import ParsedText
from keylint.rules.load import load_rules
from keylint.rules.rule_set import Pack


@pytest.fixture(scope='module')
def pack() -> Pack:
    return load_rules(()).pack


def declare(data: bytes, name: str, pack: Pack, form: Format | None = None) -> list[KeyDeclaration]:
    return find_declarations(ParsedText(data), form or format_of(name), name, pack)


def read(name: str, text: str, pack: Pack) -> list[KeyDeclaration]:
    """Return the declarations of a file, those of a notebook cell by cell."""
    if not name.endswith('.ipynb'):
        return declare(text.encode(), name, pack)
    cells = read_fragments(text.encode()) or ()
    kinds = {'source': 'py'}
    return [
        said
        for cell in cells
        for said in declare(
            cell.data, name, pack, FORMATS[kinds.get(cell.cell.part if cell.cell else '', 'txt')]
        )
    ]


def shown(said: KeyDeclaration) -> str:
    levels = (
        '?'
        if said.permissions is None
        else ' '.join(level for level in PERMISSIONS if level in said.permissions)
    )
    return f'{said.issuer or "?"}: {levels} / {" ".join((said.restriction, *said.addresses))}'


SILENT = {
    'coin open for deposits and withdrawals': (
        'coin.json',
        '{"exchange":"gate","currency":"BTC","withdraw":true,"deposit":true,"trade":true}',
    ),
    'ccxt describe': (
        'kraken.py',
        'class kraken(Exchange):\n    def describe(self):\n'
        "        return {'id': 'kraken', 'has': {'withdraw': True, 'transfer': True, "
        "'fetchBalance': True, 'spot': True}}\n",
    ),
    'ccxt describe of typescript': (
        'binance.ts',
        'export default class binance {\n  describe () {\n    return this.deepExtend ({\n'
        "      'id': 'binance',\n      'has': {\n"
        "        'withdraw': true,\n        'transfer': true,\n        'margin': true,\n"
        '      },\n    });\n  }\n}\n',
    ),
    'ccxt saved': (
        'exchanges.json',
        (
            '{"binance": {"has": {"withdraw": true, "transfer": true, "margin": true}, "fees": '
            '{"withdraw": {"BTC": 0.1}}}}'
        ),
    ),
    'features': (
        'okx.json',
        '{"exchange": "okx", "features": {"withdraw": true, "transfer": true, "margin": true}}',
    ),
    'capabilities of connectors': (
        'connectors.yaml',
        (
            'binance:\n  has:\n    withdraw: true\n    transfer: true\nkraken:\n'
            '  has: {withdraw: true, transfer: false}\n'
        ),
    ),
    'exchangeInfo': (
        'binance_exchange_info.json',
        '{"symbols": [{"symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", '
        '"permissions": ["SPOT", "MARGIN"], '
        '"isSpotTradingAllowed": true, "isMarginTradingAllowed": true}]}',
    ),
    'exchangeInfo of one symbol': (
        'tests/binance/symbol.json',
        '{"symbol": "BTCUSDT", "orderTypes": ["LIMIT"], "filters": [], "permissions": ["SPOT"]}',
    ),
    'account answer': (
        'binance_account.json',
        '{"makerCommission": 15, "canTrade": true, "canWithdraw": true, "canDeposit": '
        'true, "accountType": "SPOT", '
        '"balances": [{"asset": "BTC", "free": "1.0"}], "permissions": ["SPOT"]}',
    ),
    'account in a test': (
        'tests/test_binance.py',
        (
            "ACCOUNT = {'canTrade': True, 'canWithdraw': True, 'balances': [{'asset': 'BTC', "
            "'free': '1'}], 'permissions': ['SPOT']}\n"
        ),
    ),
    'balances': (
        'kraken.json',
        '{"exchange": "kraken", "balances": {"BTC": {"free": 1, "used": 0, "hold_trade": 1}}}',
    ),
    'currencies': (
        'kucoin_currencies.json',
        (
            '{"data": [{"currency": "BTC", "isWithdrawEnabled": true, "isDepositEnabled": '
            'true, "withdrawalMinFee": "0.0005", "precision": 8}]}'
        ),
    ),
    'coins': (
        'binance_coins.json',
        '[{"coin": "BTC", "depositAllEnable": true, "withdrawAllEnable": true, '
        '"networkList": [{"network": "BTC", '
        '"withdrawEnable": true, "depositEnable": true, "withdrawFee": "0.0005"}]}]',
    ),
    'workflow': (
        '.github/workflows/binance.yml',
        'name: binance\non: push\npermissions:\n  contents: read\n  id-token: write\n'
        'jobs:\n  test:\n    permissions: read-all\n'
        '    runs-on: ubuntu-latest\n',
    ),
    'workflow with keys': (
        '.github/workflows/ci.yml',
        'permissions:\n  contents: write\n  packages: read\njobs:\n  bot:\n    env:\n'
        '      BINANCE_API_KEY: ${{ secrets.BINANCE_API_KEY }}\n'
        '      BINANCE_API_SECRET: ${{ secrets.BINANCE_API_SECRET }}\n',
    ),
    'AWS IAM': (
        'policy.json',
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": '
        '["s3:GetObject"], "Resource": "*", '
        '"Condition": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}}]}',
    ),
    'AWS security group': (
        'main.tf',
        'resource "aws_security_group" "bot" {\n  ingress {\n    from_port = 22\n'
        '    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n'
        '# the machine of the Binance bot\n',
    ),
    'Android': (
        'AndroidManifest.xml',
        (
            '<manifest package="com.binance.dev"><uses-permission '
            'android:name="android.permission.INTERNET"/></manifest>'
        ),
    ),
    'Android in JSON': (
        'app.json',
        (
            '{"expo": {"name": "binance-tracker", "android": {"permissions": ["INTERNET", '
            '"CAMERA", "READ_CONTACTS"]}}}'
        ),
    ),
    'browser extension': (
        'manifest.json',
        (
            '{"name": "Binance helper", "manifest_version": 3, "permissions": ["storage", '
            '"tabs", "https://*.binance.com/*"]}'
        ),
    ),
    'Django': (
        'binance/models.py',
        (
            'class Order(models.Model):\n    class Meta:\n'
            "        permissions = [('can_trade', 'Can trade'), ('can_withdraw', 'Can "
            "withdraw')]\n"
        ),
    ),
    'Django REST': (
        'binance/views.py',
        "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': "
        "['rest_framework.permissions.IsAuthenticated']}\n"
        'permission_classes = [IsAuthenticated]\n',
    ),
    'API server': (
        'config.yaml',
        (
            'exchange: bybit\napi_server:\n  enabled: true\n  listen_ip_address: 0.0.0.0\n'
            '  allowed_ips: []\n  username: freqtrader\n'
        ),
    ),
    'API server of freqtrade': (
        'config.json',
        '{"exchange": {"name": "binance", "key": "", "secret": "", "pair_whitelist": '
        '["BTC/USDT"]}, "api_server": {"enabled": true, '
        '"listen_ip_address": "0.0.0.0", "listen_port": 8080, "CORS_origins": []}}',
    ),
    'Prometheus': (
        'prometheus.yml',
        (
            'scrape_configs:\n  - job_name: binance\n    static_configs:\n'
            '      - targets: ["0.0.0.0:9090"]\n'
        ),
    ),
    'Ethereum node': (
        'geth.toml',
        (
            '[Node]\nHTTPHost = "0.0.0.0"\nHTTPVirtualHosts = ["*"]\n[Node.P2P]\n'
            'ListenAddr = ":30303"\n# feeds the Binance bot\n'
        ),
    ),
    'fees and limits': (
        'fees.json',
        '{"exchange": "binance", "withdraw_fee": 0.1, "withdraw_min": 10, "trade_fee": '
        '0.001, "transfer_fee": 0, '
        '"limits": {"withdraw": {"min": 1, "max": 0}}}',
    ),
    'fees in yaml': (
        'kraken.yaml',
        'kraken:\n  fees:\n    trade: 1\n    withdraw: 1\n    transfer: 0\n',
    ),
    'limits in yaml': ('kraken.yaml', 'kraken:\n  limits:\n    withdraw: 1\n    trade: 1\n'),
    'strategy': (
        'strategy.yaml',
        (
            'exchange: binance\nmarket: BTC-USDT\norder_amount: 1\nbid_spread: 1\n'
            'price_ceiling: 0\nmax_orders: 1\nleverage: 1\n'
        ),
    ),
    'Graphene account': (
        'account.json',
        '{"id": "1.2.3", "name": "binance-hot", "owner": {"weight_threshold": 1, '
        '"account_auths": [], "key_auths": []}, '
        '"active": {"weight_threshold": 1}, "options": {"memo_key": "", "votes": []}}',
    ),
    'Graphene permissions': (
        'bitshares.json',
        (
            '{"asset": {"symbol": "CNY", "options": {"issuer_permissions": 79, "flags": 16, '
            '"whitelist_authorities": []}}}'
        ),
    ),
    'EOS account': (
        'eos.json',
        '{"account_name": "binancecold", "permissions": [{"perm_name": "active", "parent": '
        '"owner", '
        '"required_auth": {"threshold": 1, "keys": []}}]}',
    ),
    'Google scopes': (
        'google.json',
        '{"installed": {"client_id": "x", "auth_uri": "https://accounts.google.com"}, '
        '"scopes": ["https://www.googleapis.com/auth/spreadsheets.readonly"]}',
    ),
    'Google scopes of a bot': (
        'kraken_sheet.py',
        "SCOPES = ['https://www.googleapis.com/auth/spreadsheets', "
        "'https://www.googleapis.com/auth/drive.readonly']\n"
        "opts = {'scopes': SCOPES, 'access': 'offline'}\n",
    ),
    'Discord bot': (
        'discord.json',
        (
            '{"name": "binance-alerts", "scopes": ["bot", "applications.commands"], '
            '"permissions": "2048"}'
        ),
    ),
    'Slack manifest': (
        'slack.yaml',
        (
            'display_information:\n  name: kraken-alerts\noauth_config:\n  scopes:\n'
            '    bot: [chat:write, channels:read]\n'
        ),
    ),
    'package.json of a program': (
        'package.json',
        '{"name": "kraken-sdk", "permissions": ["read"], "publishConfig": {"access": "public"}}',
    ),
    'tables to read': (
        'config.yaml',
        'kraken:\n  api_key: ${K}\n  withdraw_history: true\n  trade_history: true\n',
    ),
    'limits of requests': (
        'config.yaml',
        'kraken:\n  api_key: ${K}\n  ip_rate_limit: 1200\n  order_rate_limit: 60\n',
    ),
    'file modes': (
        'ansible.yml',
        (
            '- hosts: binance\n  tasks:\n    - file:\n        path: /opt/bot\n'
            '        permissions: "0755"\n        mode: "0755"\n'
        ),
    ),
    'database grants': (
        'grants.yaml',
        'users:\n  - name: binance_reader\n    privileges: [SELECT, INSERT]\n',
    ),
    'package.json': (
        'package.json',
        '{"name": "binance-bot", "version": "1.0.0", "scripts": {"trade": "node trade.js", '
        '"withdraw": "node withdraw.js"}, '
        '"publishConfig": {"access": "public"}}',
    ),
    'translations': (
        'locales/en.json',
        (
            '{"binance": {"withdraw": "Withdraw", "transfer": "Transfer", "permissions": '
            '"Permissions", "ip_whitelist": "IP whitelist"}}'
        ),
    ),
    'menus': (
        'menu.json',
        (
            '{"binance": {"menu": [{"id": "withdraw", "name": "Withdraw"}, {"id": "trade", '
            '"name": "Trade"}]}}'
        ),
    ),
    'order': (
        'order.json',
        (
            '{"exchange": "binance", "order": {"symbol": "BTCUSDT", "side": "BUY", "margin": '
            'false, "reduceOnly": true, "trade": true}}'
        ),
    ),
    'docker network': (
        'docker-compose.yml',
        'services:\n  binance-bot:\n    image: bot\n    networks:\n      default:\n'
        '        ipv4_address: 10.5.0.5\n'
        '    ports: ["0.0.0.0:8080:8080"]\n',
    ),
    'schema': (
        'openapi.json',
        '{"components": {"schemas": {"BinanceKey": {"type": "object", "properties": '
        '{"permissions": {"type": "array", '
        '"items": {"type": "string"}}, "ip_whitelist": {"type": "array"}}}}}}',
    ),
    'statements, no dictionary': (
        'bot.py',
        (
            'import ccxt\nexchange = ccxt.binance()\nwithdraw = True\ntransfer = True\n'
            'permissions = get_permissions()\nip_whitelist = load()\n'
        ),
    ),
    'prose': (
        'README.md',
        (
            '# Binance bot\n\n'
            'The key may read and trade. It cannot withdraw. IP whitelist: see below.\n'
        ),
    ),
    'nginx': (
        'binance.conf',
        'server {\n  listen 0.0.0.0:80;\n  allow 10.0.0.0/8;\n  deny all;\n}\n',
    ),
    'empty': ('keys.yaml', ''),
    'only names': ('keys.yaml', 'keys:\n  - exchange: binance\n    label: grid\n'),
}

YAML_KEYS = (
    'keys:\n  - exchange: kraken\n    label: grid\n    permissions: [read, trade]\n'
    '    ip_allowlist: [52.54.32.109]\n'
    '    secret_ref: env:KRAKEN_SECRET\n'
)
GRID = ('kraken: read trade / listed 52.54.32.109',)
CELL = (
    '{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": %s}], '
    '"nbformat": 4, "nbformat_minor": 5, "metadata": {}}'
)

LOUD: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # YAML
    'yaml, how far each right goes': (
        'values.yaml',
        (
            'exchange:\n  name: gate\n  apiKey:\n    permissions:\n      spot: rw\n'
            '      withdraw: rw\n      margin: none\n    ipWhitelist: ""\n'
        ),
        ('gate: trade withdraw / none',),
    ),
    'words of a page': (
        'keys.yaml',
        (
            'exchange: binance\npermissions: [Can Read, Enable Spot & Margin Trading]\n'
            'ip_allowlist: [52.54.32.109]\n'
        ),
        ('binance: read trade / listed 52.54.32.109',),
    ),
    'env, switches with the name before': (
        '.env',
        'BINANCE_API_KEY=\nBINANCE_ENABLE_WITHDRAWALS=true\nBINANCE_IP_RESTRICT=false\n',
        ('binance: withdraw / none',),
    ),
    'yaml': ('keys.yaml', YAML_KEYS, GRID),
    'yml, Windows lines': ('keys.yml', YAML_KEYS.replace('\n', '\r\n'), GRID),
    'yaml flow': (
        'keys.yaml',
        (
            'keys: [{exchange: kraken, permissions: [read, trade], ip_allowlist: '
            '[52.54.32.109], secret_ref: env:K}]\n'
        ),
        GRID,
    ),
    'yaml text list': (
        'keys.yaml',
        (
            'keys:\n- exchange: kraken\n  permissions: read, trade\n'
            '  ip_allowlist: 52.54.32.109, 52.54.32.110\n'
        ),
        ('kraken: read trade / listed 52.54.32.109 52.54.32.110',),
    ),
    'yaml block list': (
        'keys.yaml',
        (
            'exchange: kraken\npermissions:\n  - read\n  - trade\nip_allowlist:\n'
            '  - 52.54.32.109  # the bot\n'
        ),
        GRID,
    ),
    'yaml anchor and alias': (
        'keys.yaml',
        'ips: &ours [52.54.32.109]\nkeys:\n  - exchange: kraken\n'
        '    permissions: &p [read, trade]\n    ip_allowlist: *ours\n'
        '  - exchange: bybit\n    permissions: *p\n    ip_allowlist: *ours\n',
        ('kraken: read trade / listed 52.54.32.109', 'bybit: read trade / listed 52.54.32.109'),
    ),
    'yaml merge': (
        'keys.yaml',
        'base: &base\n  ip_allowlist: [52.54.32.109]\n  permissions: [read]\nkeys:\n'
        '  - <<: *base\n    exchange: kraken\n'
        '    permissions: [read, trade]\n',
        GRID,
    ),
    'yaml merge, own first': (
        'keys.yaml',
        'base: &base\n  ip_allowlist: [52.54.32.109]\n  permissions: [read]\nkeys:\n'
        '  - exchange: kraken\n    permissions: [read, trade]\n'
        '    <<: *base\n',
        GRID,
    ),
    'yaml documents': (
        'keys.yaml',
        'exchange: kraken\npermissions: [read, trade]\nip_allowlist: [52.54.32.109]\n---\n'
        'exchange: bybit\npermissions: [withdraw]\n'
        'ip_allowlist: []\n',
        ('kraken: read trade / listed 52.54.32.109', 'bybit: withdraw / none'),
    ),
    'yaml by name of exchange': (
        'config.yaml',
        'exchanges:\n  kraken:\n    permissions: [read, trade]\n'
        '    ip_allowlist: [52.54.32.109]\n  okx:\n    permissions: [read]\n'
        '    ip_allowlist: "*"\n',
        ('kraken: read trade / listed 52.54.32.109', 'okx: read / none'),
    ),
    'yaml switches': (
        'config.yaml',
        (
            'binance:\n  api_key: ${K}\n  can_trade: true\n  can_withdraw: false\n'
            '  ip_whitelist: [52.54.32.109]\n'
        ),
        ('binance: trade / listed 52.54.32.109',),
    ),
    'yaml mapping of rights': (
        'config.yaml',
        (
            'binance:\n  api_key: ${K}\n  permissions:\n    read: yes\n    trade: on\n'
            '    withdraw: off\n    ip_whitelist: [52.54.32.109]\n'
        ),
        ('binance: read trade / listed 52.54.32.109',),
    ),
    'yaml turned round': (
        'config.yaml',
        'binance:\n  api_key: ${K}\n  enable_trading: true\n  disable_withdrawals: false\n',
        ('binance: trade withdraw / unknown',),
    ),
    'yaml inner mapping': (
        'config.yaml',
        (
            'exchange: kraken\napi_key: ${K}\npermissions: [read]\nsecurity:\n'
            '  ip_whitelist: [52.54.32.109]\n'
        ),
        ('kraken: read / listed 52.54.32.109',),
    ),
    'yaml rights in one text': (
        'config.yaml',
        'exchange: kraken\napi_key: ${K}\npermissions: read trade\nip_whitelist: 52.54.32.109\n',
        GRID,
    ),
    'yaml no rights': (
        'config.yaml',
        'exchange: kraken\napi_key: ${K}\npermissions: []\nip_whitelist: [52.54.32.109]\n',
        ('kraken:  / listed 52.54.32.109',),
    ),
    'yaml no rights, in words': (
        'config.yaml',
        'exchange: kraken\napi_key: ${K}\npermissions: none\nip_whitelist: [52.54.32.109]\n',
        ('kraken:  / listed 52.54.32.109',),
    ),
    'yaml alias of itself': (
        'keys.yaml',
        (
            'keys: &all\n  - exchange: kraken\n    permissions: [read, trade]\n'
            '    ip_allowlist: [52.54.32.109]\n    all: *all\n'
        ),
        GRID,
    ),
    'yaml rights of the vendor': (
        'keys.yaml',
        (
            'exchange: kraken\napi_key: ${K}\npermissions: [Query Funds, Withdraw Funds]\n'
            'ip_whitelist: [52.54.32.109]\n'
        ),
        ('kraken: read withdraw / listed 52.54.32.109',),
    ),
    'yaml placeholder': (
        'config.yaml',
        'exchange: kraken\napi_key: ${K}\npermissions: [read]\nip_whitelist: [YOUR_SERVER_IP]\n',
        ('kraken: read / placeholder',),
    ),
    'yaml without list': (
        'config.yaml',
        'exchange: kraken\napi_key: ${K}\npermissions: [read, trade]\n',
        ('kraken: read trade / none',),
    ),
    'yaml no issuer': (
        'keys.yaml',
        'keys:\n  - label: a\n    permissions: [read, withdraw]\n    ip_allowlist: []\n',
        ('?: read withdraw / none',),
    ),
    'yaml labels with wide letters': (
        'keys.yaml',
        (
            'keys:\n  - {exchange: kraken, label: "бот №1 🤖", permissions: [read, trade], '
            'ip_allowlist: [52.54.32.109]}\n'
        ),
        GRID,
    ),
    'file of one exchange': (
        'conf/kraken.yaml',
        'api_key: ${K}\npermissions: [read, trade]\nip_allowlist: [52.54.32.109]\n',
        GRID,
    ),
    # JSON
    'json': (
        'keys.json',
        (
            '{"keys": [{"exchange": "kraken", "permissions": ["read", "trade"], "ipAllowlist": '
            '["52.54.32.109"]}]}'
        ),
        GRID,
    ),
    'json lines of switches': (
        'config.json',
        (
            '{"exchange": {"name": "kraken", "key": "", "secret": "", "enableTrading": true, '
            '"enableWithdrawals": true, "ipWhitelist": null}}'
        ),
        ('kraken: trade withdraw / none',),
    ),
    'json unrestricted': (
        'config.json',
        '{"exchange": "kraken", "apiKey": "", "permissions": ["read"], "unrestricted": true}',
        ('kraken: read / none',),
    ),
    'jsonc': (
        'keys.jsonc',
        '// our keys\n{\n  "exchange": "kraken", /* main */\n  "permissions": ["read", "trade",],\n'
        '  "ip_allowlist": ["52.54.32.109"], // the bot\n}\n',
        GRID,
    ),
    'json5': (
        'keys.json5',
        "{exchange: 'kraken', permissions: ['read', 'trade'], ip_allowlist: ['52.54.32.109']}",
        GRID,
    ),
    'json in a file without ending': (
        'keys',
        (
            '{"exchange": "kraken", "permissions": ["read", "trade"], "ip_allowlist": '
            '["52.54.32.109"]}'
        ),
        GRID,
    ),
    # TOML, INI, environment
    'toml array of tables': (
        'keys.toml',
        '[[keys]]\nexchange = "kraken"\npermissions = ["read", "trade"]\n'
        'ip_allowlist = ["52.54.32.109"]\n\n[[keys]]\nexchange = "bybit"\n'
        'permissions = ["withdraw"]\nip_allowlist = []\n',
        ('kraken: read trade / listed 52.54.32.109', 'bybit: withdraw / none'),
    ),
    'toml table': (
        'config.toml',
        (
            '[exchange]\nname = "okx"\napi_key = "${OKX_KEY}"\n'
            'permissions = ["read", "trade"]\nip_whitelist = ["*"]\n'
        ),
        ('okx: read trade / none',),
    ),
    'toml tables below': (
        'config.toml',
        (
            '[exchanges.kraken]\npermissions = [\n  "read", # always\n  "trade",\n]\n'
            'ip_allowlist = ["52.54.32.109"]\n'
        ),
        GRID,
    ),
    'toml inline': (
        'config.toml',
        'kraken = { permissions = ["read", "trade"], ip_allowlist = ["52.54.32.109"] }\n',
        GRID,
    ),
    'ini': (
        'config.ini',
        '[kraken]\nkey = x\npermissions = read, trade\nip_whitelist = 52.54.32.109\n',
        GRID,
    ),
    'ini switches': (
        'config.cfg',
        '[binance]\napi_key = x\ncan_trade = yes\ncan_withdraw = yes\nip_whitelist = none\n',
        ('binance: trade withdraw / none',),
    ),
    'properties': (
        'kraken.properties',
        'permissions=read,trade\nip.whitelist=52.54.32.109\napi.key=x\n',
        GRID,
    ),
    'env': (
        '.env',
        'BINANCE_TAX_PERMISSIONS=read\nBINANCE_TAX_IP_WHITELIST=52.54.32.109\n',
        ('binance: read / listed 52.54.32.109',),
    ),
    'env of two keys': (
        '.env',
        'BINANCE_TAX_PERMISSIONS=read\nBINANCE_GRID_PERMISSIONS=read,withdraw\n'
        'BINANCE_TAX_IP_WHITELIST=52.54.32.109\n'
        'BINANCE_GRID_IP_WHITELIST=*\n',
        ('binance: read / listed 52.54.32.109', 'binance: read withdraw / none'),
    ),
    'env exported and quoted': (
        '.env',
        (
            'export KRAKEN_API_PERMISSIONS="read,trade"\n'
            "export KRAKEN_API_IP_ALLOWLIST='52.54.32.109,52.54.32.110'\n"
        ),
        ('kraken: read trade / listed 52.54.32.109 52.54.32.110',),
    ),
    'env switches': (
        '.env',
        'BINANCE_ENABLE_WITHDRAWALS=true\nBINANCE_ENABLE_TRADING=true\n',
        ('binance: trade withdraw / unknown',),
    ),
    # deployment
    'compose list': (
        'docker-compose.yml',
        (
            'services:\n  bot:\n    environment:\n      - KRAKEN_PERMISSIONS=read,trade\n'
            '      - KRAKEN_IP_WHITELIST=52.54.32.109\n'
        ),
        GRID,
    ),
    'compose mapping': (
        'docker-compose.yml',
        (
            'services:\n  bot:\n    environment:\n      KRAKEN_PERMISSIONS: read,trade\n'
            '      KRAKEN_IP_WHITELIST: 52.54.32.109\n'
        ),
        GRID,
    ),
    'kubernetes env': (
        'deployment.yaml',
        'spec:\n  containers:\n    - name: bot\n      env:\n'
        '        - name: KRAKEN_PERMISSIONS\n          value: "read,trade"\n'
        '        - name: KRAKEN_IP_WHITELIST\n          value: 52.54.32.109\n',
        GRID,
    ),
    'kubernetes map': (
        'configmap.yaml',
        (
            'kind: ConfigMap\nmetadata:\n  name: bot\ndata:\n  KRAKEN_PERMISSIONS: read,trade\n'
            '  KRAKEN_IP_WHITELIST: 52.54.32.109\n'
        ),
        GRID,
    ),
    'helm': (
        'values.yaml',
        (
            'replicaCount: 1\nexchange:\n  name: kraken\n  apiKey: ""\n'
            '  permissions: [read, trade]\n  ipAllowlist:\n    - 52.54.32.109\n'
        ),
        GRID,
    ),
    'terraform block': (
        'main.tf',
        (
            'resource "bot_key" "kraken" {\n  permissions  = ["read", "trade"]\n'
            '  ip_allowlist = ["52.54.32.109"]\n}\n'
        ),
        GRID,
    ),
    'terraform block, named': (
        'main.tf',
        'resource "exchange_api_key" "grid" {\n  exchange = "kraken"\n'
        '  permissions = ["read", "trade"]\n  ip_allowlist = ["52.54.32.109"]\n'
        '}\n',
        GRID,
    ),
    'terraform lookup': (
        'main.tf',
        (
            'resource "exchange_api_key" "grid" {\n  exchange = "kraken"\n'
            '  permissions = ["read", "trade"]\n  ip_allowlist = [var.bot_ip]\n}\n'
        ),
        ('kraken: read trade / placeholder',),
    ),
    'tfvars': (
        'prod.tfvars',
        (
            'kraken_key = {\n  permissions  = ["read", "trade"]\n'
            '  ip_allowlist = ["52.54.32.109"]\n}\n'
        ),
        GRID,
    ),
    'tfvars flat': (
        'prod.tfvars',
        'kraken_permissions = ["read", "trade"]\nkraken_ip_allowlist = ["52.54.32.109"]\n',
        GRID,
    ),
    # programs
    'python': (
        'settings.py',
        (
            "KEYS = [{'exchange': 'kraken', 'permissions': ['read', 'trade'], 'ip_allowlist': "
            "['52.54.32.109']}]\n"
        ),
        GRID,
    ),
    'python by name': (
        'settings.py',
        "KRAKEN = {\n    'api_key': os.environ['K'],  # main\n"
        "    'permissions': ('read', 'trade'),\n    'ip_allowlist': ['52.54.32.109'],\n"
        '}\n',
        GRID,
    ),
    'python switches': (
        'bot.py',
        (
            "config = {'exchange': 'binance', 'api_key': KEY, 'can_trade': True, "
            "'can_withdraw': True}\n"
        ),
        ('binance: trade withdraw / unknown',),
    ),
    'javascript': (
        'config.js',
        (
            "module.exports = { kraken: { apiKey: process.env.K, permissions: ['read', "
            "'trade'], ipAllowlist: ['52.54.32.109'] } };\n"
        ),
        GRID,
    ),
    'typescript': (
        'keys.ts',
        (
            'export const keys: Key[] = [\n'
            "  { exchange: 'kraken', permissions: ['read', 'trade'], ipAllowlist: "
            "['52.54.32.109'] },\n];\n"
        ),
        GRID,
    ),
    'notebook': (
        'keys.ipynb',
        CELL
        % (
            "[\"KEY = {\\n\", \"  'exchange': 'kraken',\\n\", \"  'permissions': ['read', "
            "'trade'],\\n\", "
            "\"  'ip_allowlist': ['52.54.32.109']}\\n\"]"
        ),
        GRID,
    ),
    'notebook, one text': (
        'keys.ipynb',
        CELL
        % (
            "\"KEY = {'exchange': 'kraken', 'permissions': ['read', 'trade'], 'ip_allowlist': "
            "['52.54.32.109']}\""
        ),
        GRID,
    ),
    'notebook output': (
        'keys.ipynb',
        '{"cells": [{"cell_type": "code", "metadata": {}, "source": [], "outputs": '
        '[{"output_type": "stream", '
        "\"text\": [\"{'exchange': 'kraken', 'permissions': ['read', 'trade'], "
        "'ip_allowlist': ['52.54.32.109']}\\n\"]}]}], "
        '"nbformat": 4}',
        GRID,
    ),
    'python dict()': (
        'settings.py',
        (
            "KEY = dict(exchange='kraken', permissions=['read', 'trade'], "
            "ip_allowlist=['52.54.32.109'])\n"
        ),
        GRID,
    ),
    'python set': (
        'settings.py',
        (
            "KEY = {'exchange': 'kraken', 'permissions': {'read', 'trade'}, 'ip_allowlist': "
            "['52.54.32.109']}\n"
        ),
        GRID,
    ),
    'python names': (
        'settings.py',
        "KRAKEN_PERMISSIONS = ['read', 'trade']\nKRAKEN_IP_WHITELIST = ['52.54.32.109']\n",
        GRID,
    ),
    # prose
    'markdown json': (
        'README.md',
        (
            '# Keys\n\n```json\n{\n  "exchange": "kraken",\n'
            '  "permissions": ["read", "trade"],\n  "ip_allowlist": ["52.54.32.109"]\n}\n```\n'
        ),
        GRID,
    ),
    'markdown, indented': (
        'README.md',
        (
            '1. Write\n\n   ```json\n'
            '   {"exchange": "kraken", "permissions": ["read", "trade"], "ip_allowlist": '
            '["52.54.32.109"]}\n   ```\n'
        ),
        GRID,
    ),
    'markdown yaml': (
        'README.md',
        (
            '# Keys\n\n```yaml\nexchange: kraken\npermissions: [read, trade]\n'
            'ip_allowlist: [52.54.32.109]\n```\n'
        ),
        GRID,
    ),
    'markdown toml': (
        'README.md',
        (
            '```toml\n[[keys]]\nexchange = "kraken"\npermissions = ["read", "trade"]\n'
            'ip_allowlist = ["52.54.32.109"]\n```\n'
        ),
        GRID,
    ),
    'json lines': (
        'keys.jsonl',
        '{"exchange": "kraken", "permissions": ["read", "trade"], "ip_allowlist": '
        '["52.54.32.109"]}\n'
        '{"exchange": "bybit", "permissions": ["withdraw"], "ip_allowlist": []}\n',
        (*GRID, 'bybit: withdraw / none'),
    ),
    'log': (
        'bot.log',
        (
            "2025-01-01 INFO loaded key={'exchange': 'kraken', 'permissions': ['read', "
            "'trade'], 'ip_allowlist': ['52.54.32.109']}\n"
        ),
        GRID,
    ),
}


@pytest.mark.parametrize('case', SILENT)
def test_speaks_of_something_else(case: str, pack: Pack) -> None:
    name, text = SILENT[case]
    assert [shown(said) for said in read(name, text, pack)] == []


@pytest.mark.parametrize('case', LOUD)
def test_declared(case: str, pack: Pack) -> None:
    name, text, expected = LOUD[case]
    assert tuple(shown(said) for said in read(name, text, pack)) == expected


@pytest.mark.parametrize('case', [case for case in LOUD if not LOUD[case][0].endswith('.ipynb')])
def test_places_lie_on_what_is_said(case: str, pack: Pack) -> None:
    name, text, _ = LOUD[case]
    data = text.encode()
    for said in read(name, text, pack):
        assert 0 <= said.start < said.end <= len(data)
        for topic, start, end in said.places:
            assert 0 <= start <= end <= len(data), topic
        for word in said.words:
            assert any(
                word.encode() in data[start:end] or end - start <= 5
                for topic, start, end in said.places
                if topic in PERMISSIONS
            ), word
        for address in said.addresses:
            start, end = said.span_of('ip')
            assert address.encode() in data[start:end]


FACTS = {
    'label': ('label: grid', 'label', 'grid'),
    'name of the key': ('key_name: grid', 'label', 'grid'),
    'account': ('sub_account: main', 'account', 'main'),
    'purpose': ('purpose: tax', 'purpose', 'tax'),
    'created': ('created_at: 2025-12-01', 'created', '2025-12-01'),
    'expires': ('validUntil: 2026-12-01', 'expires', '2026-12-01'),
    'rotation': ('rotation: 90d', 'rotate_after', '90d'),
    'reference': ('secret_ref: env:KRAKEN_SECRET', 'secret_ref', 'env:KRAKEN_SECRET'),
    'users': ('used_by: [grid-bot, tax-tool]', 'used_by', ('grid-bot', 'tax-tool')),
    'users in one text': ('used_by: grid-bot, tax-tool', 'used_by', ('grid-bot', 'tax-tool')),
    'no second factor': ('2fa: false', 'two_factor', False),
    'second factor': ('two_factor: yes', 'two_factor', True),
    'test network': ('environment: testnet', 'environment', 'testnet'),
    'sandbox': ('sandbox: true', 'environment', 'testnet'),
    'no sandbox': ('sandbox: false', 'environment', 'unknown'),
    'live': ('environment: production', 'environment', 'live'),
    'denied': (
        'forbidden_permissions: [withdraw, transfer]',
        'denied',
        frozenset(('withdraw', 'transfer')),
    ),
    'unknown': ('scopes: [frobnicate]', 'unknown', ('frobnicate',)),
    'from an inventory': ('secret_ref: env:KRAKEN_SECRET', 'source', 'inventory'),
    'from a configuration': ('comment: main', 'source', 'config'),
}


@pytest.mark.parametrize('case', FACTS)
def test_facts(case: str, pack: Pack) -> None:
    line, field, value = FACTS[case]
    (said,) = read(
        'keys.yaml',
        f'exchange: kraken\npermissions: [read]\nip_allowlist: [52.54.32.109]\n{line}\n',
        pack,
    )
    assert getattr(said, field) == value


NAMES = (
    'keys.yaml',
    'keys.json',
    'keys.toml',
    '.env',
    'main.tf',
    'keys.py',
    'keys.js',
    'README.md',
    'config.ini',
    'keys.xml',
)
WORDS = st.sampled_from(
    [
        *'{}[]():=,\n"\'#-&*',
        '  ',
        *(
            'exchange kraken permissions withdraw read ip_allowlist 0.0.0.0/0 true << [[keys]] ---'
        ).split(),
    ]
)
TEXTS = st.one_of(
    st.lists(WORDS, max_size=60).map(''.join),
    st.lists(WORDS, max_size=60).map(' '.join),
    st.text(max_size=200),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(NAMES), TEXTS)
def test_any_text_is_read(pack: Pack, name: str, text: str) -> None:
    for said in declare(text.encode('utf-8', 'surrogatepass'), name, pack):
        assert said.restriction in ('none', 'listed', 'placeholder', 'unknown')
        assert (said.permissions or frozenset()) <= set(PERMISSIONS)
        assert said.restriction == 'listed' or not said.addresses


@pytest.mark.parametrize(
    ('name', 'number'),
    [('yaml merge', 1), ('yaml documents', 2), ('toml array of tables', 2), ('json lines', 2)],
)
def test_the_same_text_twice_says_twice(name: str, number: int, pack: Pack) -> None:
    path, text, _ = LOUD[name]
    between = '\n---\n' if path.endswith('.yaml') else '\n'
    once, twice = (declare(data.encode(), path, pack) for data in (text, text + between + text))
    assert len(twice) == 2 * len(once) >= 2 * number
