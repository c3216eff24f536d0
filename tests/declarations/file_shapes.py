"""What owners write about their keys in configurations and notes; see `answer_shapes`."""

from __future__ import annotations

from tests.declarations.answer_shapes import Shape

_RIGHTS = ('withdraw', 'read')
_ADDRESS = ('0.0.0.0/0', '52.54.32.109')

SHAPES: dict[str, Shape] = {
    'yaml, nested below the bot': (
        'config/bots.yaml',
        'bots:\n  grid:\n    exchange: kraken\n    api:\n      permissions:\n        read: yes\n'
        '        trade: yes\n        withdraw: yes\n      ip_whitelist: any\n',
        'WN',
        (('withdraw: yes', 'withdraw: no'), ('whitelist: any', 'whitelist: [52.54.32.109]')),
    ),
    'yaml, exchange as the key': (
        'exchanges.yml',
        'exchanges:\n  okx:\n    label: grid\n    permissions: read, trade, withdraw\n'
        '    allowed_ips: 0.0.0.0/0\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'yaml, merge keys': (
        'keys.yml',
        'defaults: &net\n  ip_allowlist: ["0.0.0.0/0"]\nkeys:\n  - <<: *net\n    exchange: gate\n'
        '    permissions: [read, withdraw]\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'yaml, switches': (
        'accounts.yaml',
        'accounts:\n  - name: main\n    exchange: bybit\n    can_trade: true\n'
        '    can_withdraw: true\n    ip_restricted: false\n',
        'WN',
        (('can_withdraw: true', 'can_withdraw: false'), ('restricted: false', 'restricted: true')),
    ),
    'yaml, rights as a table of words': (
        'keys.yaml',
        'keys:\n  main:\n    exchange: binance\n    permissions:\n      - Enable Reading\n'
        '      - Enable Withdrawals\n    ip_access: Unrestricted\n',
        'WN',
        (
            ('      - Enable Withdrawals\n', ''),
            ('ip_access: Unrestricted', 'ip_access: [52.54.32.109]'),
        ),
    ),
    'toml, array of tables': (
        'keys.toml',
        '[[keys]]\nexchange = "kucoin"\npermissions = ["General", "Spot", "Withdrawal"]\n'
        'ip_whitelist = []\n',
        'WN',
        ((', "Withdrawal"', ''), ('ip_whitelist = []', 'ip_whitelist = ["52.54.32.109"]')),
    ),
    'toml, inline tables': (
        'bot.toml',
        '[exchange]\nname = "bitget"\nrights = { trade = true, transfer = true }\n'
        'allowed_ips = ["0.0.0.0/0"]\n',
        'TB',
        (('transfer = true', 'transfer = false'), _ADDRESS),
    ),
    'environment file': (
        '.env',
        'KRAKEN_API_PERMISSIONS=query-funds,withdraw-funds\nKRAKEN_IP_WHITELIST=0.0.0.0/0\n',
        'WB',
        ((',withdraw-funds', ''), _ADDRESS),
    ),
    'environment file, exported and quoted': (
        'env.sh',
        'export BINANCE_KEY_PERMISSIONS="read,trade,withdraw"\nexport BINANCE_ALLOWED_IPS="*"\n',
        'WN',
        (_RIGHTS, ('"*"', '"52.54.32.109"')),
    ),
    'ini sections': (
        'bot.ini',
        '[bybit]\npermissions = read, trade, withdraw\nip_whitelist = 0.0.0.0/0\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'java properties': (
        'application.properties',
        'binance.api.permissions=READ,TRADE,WITHDRAW\nbinance.api.ip-whitelist=0.0.0.0/0\n',
        'WB',
        (('WITHDRAW', 'READ'), _ADDRESS),
    ),
    'values of a chart': (
        'charts/bot/values.yaml',
        'replicaCount: 1\nexchange:\n  name: okx\n  existingSecret: okx-api\n'
        '  permissions: [read, trade, withdraw]\n  allowedIPs: ["0.0.0.0/0"]\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'a resource of kubernetes': (
        'deploy/key.yaml',
        'apiVersion: trading.example.com/v1\nkind: ExchangeKey\nmetadata:\n  name: grid\nspec:\n'
        '  exchange: binance\n  permissions: [read, withdraw]\n  ipWhitelist: []\n',
        'WN',
        (('read, withdraw', 'read'), ('ipWhitelist: []', 'ipWhitelist: ["52.54.32.109"]')),
    ),
    'map of kubernetes': (
        'deploy/configmap.yaml',
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: grid\ndata:\n'
        '  KRAKEN_API_PERMISSIONS: "read,trade,withdraw"\n  KRAKEN_IP_WHITELIST: "0.0.0.0/0"\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'environment of compose': (
        'docker-compose.yml',
        'services:\n  bot:\n    image: bot\n    environment:\n'
        '      - BYBIT_API_PERMISSIONS=read,trade,withdraw\n      - BYBIT_IP_WHITELIST=0.0.0.0/0\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'environment of a workflow': (
        '.github/workflows/trade.yml',
        'jobs:\n  trade:\n    runs-on: ubuntu-latest\n    env:\n'
        '      OKX_API_PERMISSIONS: read,trade,withdraw\n      OKX_IP_WHITELIST: "0.0.0.0/0"\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'terraform resource': (
        'infra/keys.tf',
        'resource "exchange_api_key" "grid" {\n  exchange     = "binance"\n'
        '  permissions  = ["read", "trade", "withdraw"]\n  ip_whitelist = ["0.0.0.0/0"]\n}\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'terraform locals': (
        'infra/locals.tf',
        'locals {\n  keys = {\n    grid = {\n      exchange    = "okx"\n'
        '      permissions = ["read", "withdraw"]\n      allowed_ips = []\n    }\n  }\n}\n',
        'WN',
        ((', "withdraw"', ''), ('allowed_ips = []', 'allowed_ips = ["52.54.32.109"]')),
    ),
    'variables of terraform': (
        'prod.tfvars',
        'exchange_key = {\n  exchange = "kraken"\n  permissions = ["read", "withdraw"]\n'
        '  ip_allowlist = ["0.0.0.0/0"]\n}\n',
        'WB',
        (_RIGHTS, _ADDRESS),
    ),
    'variables of ansible': (
        'group_vars/bots.yml',
        'keys:\n  - { exchange: gate, permissions: [spot, withdrawal], ip_whitelist: [] }\n',
        'WN',
        ((', withdrawal', ''), ('ip_whitelist: []', 'ip_whitelist: [52.54.32.109]')),
    ),
    'table of markdown': (
        'ops/keys.md',
        '| Exchange | Label | Permissions | IP whitelist |\n|---|---|---|---|\n'
        '| Binance | grid | read, trade, withdraw | none |\n',
        'WN',
        ((', withdraw', ''), ('| none |', '| 52.54.32.109 |')),
    ),
    'table of markdown, ticks': (
        'KEYS.md',
        '| Exchange | Key | Read | Trade | Withdraw | IPs |\n|---|---|---|---|---|---|\n'
        '| Kraken | grid | ✅ | ✅ | ✅ | 0.0.0.0/0 |\n',
        'WB',
        (('| ✅ | 0.0.0.0/0', '| ❌ | 52.54.32.109'),),
    ),
    'list of markdown': (
        'ops/account.md',
        '## Keys\n\n- **Exchange:** Binance\n- **Label:** grid\n'
        '- **Permissions:** Read, Trade, Withdraw\n'
        '- **IP whitelist:** none\n',
        'WN',
        ((', Withdraw', ''), ('list:** none', 'list:** 52.54.32.109')),
    ),
    'rows of csv': (
        'keys.csv',
        'exchange,label,permissions,ip_whitelist\nbinance,grid,"read,trade,withdraw",0.0.0.0/0\n',
        'WB',
        ((',withdraw', ''), _ADDRESS),
    ),
    'columns of csv': (
        'keys.csv',
        'exchange,label,can_read,can_trade,can_withdraw,ip_whitelist\n'
        'bybit,grid,true,true,true,0.0.0.0/0\n',
        'WB',
        (('true,true,true', 'true,true,false'), _ADDRESS),
    ),
    'statement of sql': (
        'seed.sql',
        'INSERT INTO api_keys (exchange, label, permissions, ip_whitelist)\n'
        "VALUES ('binance', 'grid', 'read,trade,withdraw', '0.0.0.0/0');\n",
        'WB',
        ((',withdraw', ''), _ADDRESS),
    ),
    'elements of xml': (
        'keys.xml',
        '<keys>\n  <key exchange="binance" label="grid">\n'
        '    <permissions>read,trade,withdraw</permissions>\n'
        '    <ipWhitelist>0.0.0.0/0</ipWhitelist>\n  </key>\n</keys>\n',
        'WB',
        ((',withdraw', ''), _ADDRESS),
    ),
    'json with comments': (
        'config.jsonc',
        '{\n  // grid\n  "exchange": {"name": "bybit", "permissions": ["read", "withdraw"],\n'
        '    "ip_whitelist": [], /* later */ }\n}\n',
        'WN',
        ((', "withdraw"', ''), ('"ip_whitelist": []', '"ip_whitelist": ["52.54.32.109"]')),
    ),
    'lines of json': (
        'keys.jsonl',
        '{"exchange": "okx", "rights": ["trade", "withdraw"], "allowed_ips": ["0.0.0.0/0"]}\n',
        'WB',
        ((', "withdraw"', ''), _ADDRESS),
    ),
    'json, exchange as the key': (
        'keys.json',
        '{"kraken": {"main": {"permissions": {"trade": true, "withdraw": true}, '
        '"ipRestriction": "none"}}}\n',
        'WN',
        (('"withdraw": true', '"withdraw": false'), ('"none"', '["52.54.32.109"]')),
    ),
    'block of markdown': (
        'README.md',
        '```yaml\nexchange: kraken\npermissions: [read, withdraw]\nip_allowlist: []\n```\n',
        'WN',
        ((', withdraw', ''), ('ip_allowlist: []', 'ip_allowlist: [52.54.32.109]')),
    ),
    'terraform list of objects': (
        'vars.auto.tfvars',
        (
            'keys = [\n'
            '  {\n'
            '    exchange = "bybit"\n'
            '    permissions = ["trade", "withdraw"]\n'
            '    ips = ["0.0.0.0/0"]\n'
            '  },\n'
            ']\n'
        ),
        'WB',
        ((', "withdraw"', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'attributes of xml': (
        'keys.xml',
        (
            '<keys><key exchange="binance" label="grid" permissions="read,withdraw"'
            ' ipWhitelist="0.0.0.0/0"/></keys>\n'
        ),
        'WB',
        ((',withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'yaml, several documents': (
        'keys.yaml',
        (
            '---\n'
            'exchange: okx\n'
            'permissions: [read]\n'
            'ip_allowlist: [52.54.32.109]\n'
            '---\n'
            'exchange: gate\n'
            'permissions: [withdraw]\n'
            'ip_allowlist: []\n'
        ),
        'WN',
        (('[withdraw]', '[spot]'), ('ip_allowlist: []', 'ip_allowlist: [52.54.32.109]')),
    ),
    'toml, dotted keys': (
        'c.toml',
        (
            'exchanges.kraken.permissions = ["read", "withdraw"]\n'
            'exchanges.kraken.ip_allowlist = ["0.0.0.0/0"]\n'
        ),
        'WB',
        ((', "withdraw"', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'rows of tsv': (
        'keys.tsv',
        ('exchange\tlabel\tpermissions\tip_whitelist\nbinance\tgrid\tread,withdraw\t0.0.0.0/0\n'),
        'WB',
        ((',withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'table of markdown, words': (
        'ops/keys.md',
        (
            '| Exchange | Label | Trade | Withdraw | IP whitelist |\n'
            '|:--|:--|:-:|:-:|:--|\n'
            '| OKX | grid | yes | yes | none |\n'
        ),
        'WN',
        (('| yes | none', '| no | 52.54.32.109'),),
    ),
    'environment file, switches': (
        '.env',
        ('BYBIT_CAN_TRADE=true\nBYBIT_CAN_WITHDRAW=true\nBYBIT_IP_RESTRICTED=false\n'),
        'WN',
        (('WITHDRAW=true', 'WITHDRAW=false'), ('RESTRICTED=false', 'RESTRICTED=true')),
    ),
    'json, switches as texts': (
        'k.json',
        (
            '{"exchange": "kraken", "label": "grid", "canTrade": "true", "canWithdr'
            'aw": "true", "allowedIPs": "0.0.0.0/0"}'
        ),
        'WB',
        (('"canWithdraw": "true"', '"canWithdraw": "false"'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'jsonnet': (
        'k.jsonnet',
        (
            '{\n'
            '  exchange: "kraken",\n'
            '  permissions: ["read", "withdraw"],\n'
            '  ip_allowlist: ["0.0.0.0/0"],\n'
            '}\n'
        ),
        'WB',
        ((', "withdraw"', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'cue': (
        'k.cue',
        (
            'key: {\n'
            '\texchange: "kraken"\n'
            '\tpermissions: ["read", "withdraw"]\n'
            '\tip_allowlist: ["0.0.0.0/0"]\n'
            '}\n'
        ),
        'WB',
        ((', "withdraw"', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'unit of systemd': (
        'bot.service',
        (
            '[Service]\n'
            'Environment=OKX_API_PERMISSIONS=read,withdraw\n'
            'Environment=OKX_IP_WHITELIST=0.0.0.0/0\n'
        ),
        'WB',
        ((',withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'recipe of an image': (
        'Dockerfile',
        ('FROM python\nENV OKX_API_PERMISSIONS=read,withdraw\nENV OKX_IP_WHITELIST=0.0.0.0/0\n'),
        'WB',
        ((',withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'variables of a container': (
        'd.yaml',
        (
            'spec:\n'
            '  containers:\n'
            '    - name: bot\n'
            '      env:\n'
            '        - name: OKX_API_PERMISSIONS\n'
            '          value: read,withdraw\n'
            '        - name: OKX_IP_WHITELIST\n'
            '          value: 0.0.0.0/0\n'
        ),
        'WB',
        ((',withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'fields of rst': (
        'ops/keys.rst',
        (
            'Keys\n'
            '====\n'
            '\n'
            ':Exchange: Binance\n'
            ':Label: grid\n'
            ':Permissions: read, withdraw\n'
            ':IP whitelist: 0.0.0.0/0\n'
        ),
        'WB',
        ((', withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'fields of a text': (
        'keys.txt',
        (
            'exchange: binance\n'
            'label: grid\n'
            'permissions: read, trade, withdraw\n'
            'ip whitelist: 0.0.0.0/0\n'
        ),
        'WB',
        ((', withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
}
