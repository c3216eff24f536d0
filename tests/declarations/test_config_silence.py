"""Configurations that speak of something else declare nothing."""

from __future__ import annotations

import pytest

from keylint.rules.rule_set import RuleSet
from tests.declarations.entries import read, shown

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


@pytest.mark.parametrize('case', SILENT)
def test_speaks_of_something_else(case: str, pack: RuleSet) -> None:
    name, text = SILENT[case]
    assert [shown(said) for said in read(name, text, pack)] == []
