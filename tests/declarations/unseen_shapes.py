"""Shapes of configurations in three batches, each written before the readers were looked at.

See `answer_shapes`. Read at once: 41 and 40 of 50, and 24 of 30.
"""

from __future__ import annotations

from tests.declarations.answer_shapes import Shape

UNSEEN: dict[str, Shape] = {
    'html table': (
        'keys.html',
        (
            '<table>\n<tr><th>Exchange</th><th>Label</th><th>Permissions</th><th>IP '
            'whitelist</th></tr>\n<tr><td>Kraken</td><td>grid</td><td>read, '
            'withdraw</td><td>0.0.0.0/0</td></tr>\n</table>\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'html table in md': (
        'keys.md',
        (
            '# Keys\n\n'
            '<table><thead><tr><th>Exchange</th><th>Key</th><th>Rights</th><th>Allowed '
            'IPs</th></tr></thead><tbody><tr><td>Bybit</td><td>bot-1</td><td>trade, '
            'withdraw</td><td>0.0.0.0/0</td></tr></tbody></table>\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'elixir config': (
        'config.exs',
        (
            'import Config\n\nconfig :bot, :exchange,\n  name: "kraken",\n  api_key: '
            'System.get_env("KRAKEN_KEY"),\n  permissions: ["read", "withdraw"],\n  '
            'ip_whitelist: ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'elixir keyword list': (
        'keys.ex',
        (
            'defmodule Bot.Keys do\n  def grid do\n    [exchange: :kraken, label: "grid", '
            'permissions: [:read, :withdraw], ip_whitelist: ["0.0.0.0/0"]]\n  end\nend\n'
        ),
        'WB',
        ((':withdraw', ':trade'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'elixir map': (
        'keys.exs',
        '%{exchange: "okx", permissions: ~w(read withdraw), allowed_ips: ["0.0.0.0/0"]}\n',
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'terraform resource': (
        'keys.tf',
        (
            'resource "vault_generic_secret" "kraken" {\n  path = "secret/kraken"\n  metadata '
            '= {\n    exchange = "kraken"\n    permissions = "read,withdraw"\n    ip_whitelist '
            '= "0.0.0.0/0"\n  }\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'terraform locals': (
        'locals.tf',
        (
            'locals {\n  api_keys = {\n    kraken_grid = {\n      exchange     = "kraken"\n'
            '      permissions  = ["read", "trade", "withdraw"]\n      allowed_ips  = '
            '["0.0.0.0/0"]\n    }\n  }\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'tfvars list': (
        'prod.tfvars',
        (
            'exchange_keys = [\n  { exchange = "bybit", permissions = ["withdraw"], '
            'ip_whitelist = ["0.0.0.0/0"] },\n]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'k8s secret annotations': (
        'secret.yaml',
        (
            'apiVersion: v1\nkind: Secret\nmetadata:\n  name: kraken-grid\n  annotations:\n    '
            'trading/exchange: kraken\n    trading/permissions: read,withdraw\n    '
            'trading/ip-whitelist: 0.0.0.0/0\ntype: Opaque\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'k8s configmap yaml in string': (
        'cm.yaml',
        (
            'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bot\ndata:\n  keys.yaml: |\n'
            '    keys:\n      - exchange: kraken\n        permissions: [read, withdraw]\n'
            '        ip_allowlist: ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'k8s env list': (
        'deploy.yaml',
        (
            'kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: '
            'bot\n        env:\n        - name: KRAKEN_API_PERMISSIONS\n          value: '
            '"read,withdraw"\n        - name: KRAKEN_IP_WHITELIST\n          value: "0.0.0.0/0"'
            '\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'compose env': (
        'docker-compose.yml',
        (
            'services:\n  bot:\n    image: bot\n    environment:\n      - '
            'BINANCE_KEY_PERMISSIONS=read,withdraw\n      - BINANCE_KEY_IP_WHITELIST=0.0.0.0/0'
            '\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'dataclass': (
        'keys.py',
        (
            'from dataclasses import dataclass, field\n\n@dataclass\nclass KrakenKey:\n    '
            'exchange: str = "kraken"\n    permissions: list = field(default_factory=lambda: '
            '["read", "withdraw"])\n    ip_whitelist: tuple = ("0.0.0.0/0",)\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'pydantic settings': (
        'settings.py',
        (
            'from pydantic_settings import BaseSettings\n\nclass ApiKeySettings(BaseSettings):'
            '\n    exchange: str = "okx"\n    permissions: list[str] = ["read", "withdraw"]\n'
            '    allowed_ips: list[str] = ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'namedtuple call': (
        'keys.py',
        (
            'from keys import ApiKey\nGRID = ApiKey(exchange="bybit", label="grid", '
            'permissions=("trade", "withdraw"), ip_whitelist=["0.0.0.0/0"])\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'dict of dicts py': (
        'conf.py',
        (
            'API_KEYS = {\n    "kraken": {"perms": {"read": True, "withdraw": True}, "ips": '
            '["0.0.0.0/0"], "secret": os.environ["S"]},\n}\n'
        ),
        'WB',
        (('"withdraw": True', '"withdraw": False'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'enum flags py': (
        'keys.py',
        (
            'key = ExchangeKey(exchange=Exchange.KRAKEN, permissions=Permission.READ | '
            'Permission.WITHDRAW, ip_whitelist=["0.0.0.0/0"])\n'
        ),
        'WB',
        (('Permission.WITHDRAW', 'Permission.TRADE'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'attrs py': (
        'keys.py',
        (
            'import attrs\n\n@attrs.define\nclass BybitCredential:\n    exchange = "bybit"\n'
            '    can_withdraw = True\n    ip_whitelist = ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('can_withdraw = True', 'can_withdraw = False'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ts const': (
        'keys.ts',
        (
            'export const keys: ApiKey[] = [\n  { exchange: "kraken", label: "grid", '
            'permissions: ["read", "withdraw"], ipWhitelist: ["0.0.0.0/0"] },\n];\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ts class new': (
        'keys.ts',
        (
            'const key = new ApiKey({ exchange: "okx", scopes: ["read", "withdraw"], '
            'allowedIps: ["0.0.0.0/0"] });\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'js module': (
        'keys.js',
        (
            'module.exports = {\n  bybit: {\n    apiKey: process.env.BYBIT_KEY,\n    '
            'permissions: { trade: true, withdraw: true },\n    ips: ["0.0.0.0/0"],\n  },\n};\n'
        ),
        'WB',
        (('withdraw: true', 'withdraw: false'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'go struct': (
        'keys.go',
        (
            'var key = APIKey{\n\tExchange:    "kraken",\n\tPermissions: []string{"read", '
            '"withdraw"},\n\tIPWhitelist: []string{"0.0.0.0/0"},\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'rust struct': (
        'keys.rs',
        (
            'let key = ApiKey {\n    exchange: "kraken".into(),\n    permissions: vec!["read", '
            '"withdraw"],\n    ip_whitelist: vec!["0.0.0.0/0"],\n};\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'java builder': (
        'Keys.java',
        (
            'ApiKey key = ApiKey.builder().exchange("kraken").permissions(List.of("read", '
            '"withdraw")).ipWhitelist(List.of("0.0.0.0/0")).build();\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'kotlin': (
        'Keys.kt',
        (
            'val key = ApiKey(exchange = "kraken", permissions = listOf("read", "withdraw"), '
            'ipWhitelist = listOf("0.0.0.0/0"))\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'csharp init': (
        'Keys.cs',
        (
            'var key = new ApiKey { Exchange = "kraken", Permissions = new[] { "read", '
            '"withdraw" }, IpWhitelist = new[] { "0.0.0.0/0" } };\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ruby hash': (
        'keys.rb',
        (
            'KEYS = {\n  grid: { exchange: "kraken", permissions: %w[read withdraw], '
            'ip_whitelist: ["0.0.0.0/0"] }\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'php array': (
        'keys.php',
        (
            "<?php\nreturn [\n  'kraken' => [\n    'api_key' => env('KRAKEN_KEY'),\n    "
            "'permissions' => ['read', 'withdraw'],\n    'ip_whitelist' => ['0.0.0.0/0'],\n  ],"
            '\n];\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'csv': (
        'keys.csv',
        (
            'exchange,label,permissions,ip_whitelist,owner\n'
            'kraken,grid,"read,withdraw",0.0.0.0/0,ana\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'csv semicolons': (
        'keys.csv',
        'Exchange;Key name;Rights;Allowed IPs\nBinance;grid;read withdraw;0.0.0.0/0\n',
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'tsv flags': (
        'keys.tsv',
        (
            'exchange\tlabel\tcan_trade\tcan_withdraw\tip_whitelist\n'
            'kraken\tgrid\tyes\tyes\t0.0.0.0/0\n'
        ),
        'WB',
        (('\tyes\tyes\t', '\tyes\tno\t'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'md table': (
        'KEYS.md',
        (
            '| Exchange | Label | Permissions | IP whitelist |\n|---|---|---|---|\n| Kraken | '
            'grid | read, withdraw | 0.0.0.0/0 |\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'md table ticks': (
        'KEYS.md',
        (
            '| Exchange | Read | Trade | Withdraw | IPs |\n|:--|:-:|:-:|:-:|--|\n| Kraken | ✅ '
            '| ✅ | ✅ | 0.0.0.0/0 |\n'
        ),
        'WB',
        (('✅ | 0', '❌ | 0'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json inventory': (
        'keys.json',
        (
            '{"keys": [{"exchange": "kraken", "label": "grid", "permissions": ["read", '
            '"withdraw"], "ipAllowlist": ["0.0.0.0/0"]}]}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json object per exchange': (
        'exchanges.json',
        (
            '{"exchanges": {"kraken": {"key": "${KRAKEN_KEY}", "rights": {"trade": true, '
            '"withdraw": true}, "allowedIps": "0.0.0.0/0"}}}\n'
        ),
        'WB',
        (('"withdraw": true', '"withdraw": false'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json in env': (
        '.env',
        (
            'KRAKEN_ACCOUNT={"exchange":"kraken","permissions":["read","withdraw"],"ip_whitelist":["0.0.0.0/0"]}'
            '\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json in yaml string': (
        'values.yaml',
        (
            'exchangeConfig: '
            '\'{"exchange":"kraken","permissions":["read","withdraw"],"ip_whitelist":["0.0.0.0/0"]}\''
            '\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json in python string': (
        'c.py',
        (
            'CONFIG = json.loads(\'\'\'{"exchange": "kraken", "permissions": ["read", '
            '"withdraw"], "ip_whitelist": ["0.0.0.0/0"]}\'\'\')\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'toml section': (
        'bot.toml',
        (
            '[keys.kraken]\npermissions = ["read", "withdraw"]\nip_allowlist = ["0.0.0.0/0"]\n'
            'secret_ref = "env:KRAKEN_SECRET"\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'toml dotted': (
        'bot.toml',
        (
            '[exchange]\nname = "kraken"\napi.permissions = ["read", "withdraw"]\n'
            'api.ip_whitelist = ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'properties': (
        'bot.properties',
        'exchange.kraken.permissions=read,withdraw\nexchange.kraken.ip-whitelist=0.0.0.0/0\n',
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'xml': (
        'keys.xml',
        (
            '<keys><key exchange="kraken" '
            'label="grid"><permissions>read,withdraw</permissions><ipWhitelist>'
            '0.0.0.0/0</ipWhitelist></key></keys>'
            '\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'xml attrs': (
        'keys.xml',
        (
            '<apiKeys><apiKey exchange="kraken" permissions="read,withdraw" '
            'ipWhitelist="0.0.0.0/0"/></apiKeys>\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ansible vars': (
        'group_vars/all.yml',
        (
            'exchange_api_keys:\n  - name: grid\n    exchange: kraken\n    rights:\n      - '
            'read\n      - withdraw\n    allowed_cidrs:\n      - 0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'helm values': (
        'values.yaml',
        (
            'bot:\n  exchanges:\n    kraken:\n      existingSecret: kraken\n      '
            'keyPermissions: [read, withdraw]\n      keyIpAllowlist: ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'sql insert': (
        'seed.sql',
        (
            'INSERT INTO api_keys (exchange, label, permissions, ip_whitelist) VALUES '
            "('kraken', 'grid', 'read,withdraw', '0.0.0.0/0');\n"
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'nix': (
        'keys.nix',
        (
            '{\n  services.bot.keys.kraken = {\n    permissions = [ "read" "withdraw" ];\n    '
            'ipWhitelist = [ "0.0.0.0/0" ];\n  };\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'github actions env': (
        '.github/workflows/bot.yml',
        (
            'jobs:\n  run:\n    runs-on: ubuntu-latest\n    env:\n      KRAKEN_KEY: ${{ '
            'secrets.KRAKEN_KEY }}\n      KRAKEN_KEY_PERMISSIONS: read,withdraw\n      '
            'KRAKEN_KEY_IPS: 0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'md bullet list': (
        'KEYS.md',
        (
            '## Kraken grid\n\n- Exchange: Kraken\n- Permissions: read, withdraw\n- IP '
            'whitelist: 0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'html dl-less report': (
        'report.html',
        (
            '<html><body><h1>API keys</h1><table '
            'class="keys"><tr><th>Venue</th><th>Name</th><th>API permissions</th><th>IP '
            'restriction</th></tr><tr><td>Binance</td><td>arb</td><td>read, '
            'withdraw</td><td>0.0.0.0/0</td></tr></table></body></html>\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'html ticks': (
        'keys.htm',
        (
            '<table>\n<tr><th>Exchange</th><th>Can trade</th><th>Can withdraw</th><th>Allowed '
            'IPs</th></tr>\n<tr><td>OKX</td><td>yes</td><td>yes</td><td>0.0.0.0/0</td></tr>\n'
            '</table>\n'
        ),
        'WB',
        (('yes</td><td>0', 'no</td><td>0'), ('>0.0.0.0/0', '>52.54.32.109')),
    ),
    'elixir runtime config': (
        'runtime.exs',
        (
            'import Config\n\nif config_env() == :prod do\n  config :bot, Bot.Exchange,\n    '
            'exchange: "kraken",\n    api_secret: System.fetch_env!("KRAKEN_SECRET"),\n    '
            'permissions: [:query, :trade, :withdraw],\n    allowed_ips: ["0.0.0.0/0"]\nend\n'
        ),
        'WB',
        ((', :withdraw]', ']'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'elixir module attribute': (
        'keys.ex',
        (
            'defmodule Keys do\n  @keys [\n    %{exchange: "bybit", label: "grid", '
            'permissions: ["read", "withdraw"], ip_whitelist: ["0.0.0.0/0"]}\n  ]\nend\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'terraform variable default': (
        'variables.tf',
        (
            'variable "kraken_key" {\n  default = {\n    exchange     = "kraken"\n    '
            'permissions  = ["read", "withdraw"]\n    ip_whitelist = ["0.0.0.0/0"]\n  }\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'terraform module': (
        'main.tf',
        (
            'module "kraken_key" {\n  source       = "./modules/key"\n  exchange     = "kraken"'
            '\n  permissions  = ["read", "withdraw"]\n  ip_allowlist = ["0.0.0.0/0"]\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'pulumi ts': (
        'index.ts',
        (
            'new aws.ssm.Parameter("kraken", {\n  tags: { exchange: "kraken", permissions: '
            '"read,withdraw", ipWhitelist: "0.0.0.0/0" },\n});\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'k8s crd': (
        'key.yaml',
        (
            'apiVersion: trading.example/v1\nkind: ExchangeKey\nmetadata:\n  name: grid\nspec:'
            '\n  exchange: kraken\n  permissions: [read, withdraw]\n  ipAllowlist: '
            '["0.0.0.0/0"]\n  secretRef: {name: kraken}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'externalsecret labels': (
        'es.yaml',
        (
            'kind: ExternalSecret\nmetadata:\n  labels:\n    exchange: kraken\n    '
            'key-permissions: read_withdraw\n    key-ip-whitelist: 0.0.0.0/0\n'
        ),
        'WB',
        (('read_withdraw', 'read_trade'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'helm json string': (
        'values.yaml',
        (
            'extraEnv:\n  - name: KRAKEN_KEY_INFO\n    value: \'{"exchange": "kraken", '
            '"permissions": ["read","withdraw"], "ip_whitelist": ["0.0.0.0/0"]}\'\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'compose map env': (
        'compose.yaml',
        (
            'services:\n  bot:\n    environment:\n      KRAKEN_KEY_RIGHTS: "read withdraw"\n'
            '      KRAKEN_KEY_IP_ALLOWLIST: "0.0.0.0/0"\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'dotenv switches': (
        '.env',
        (
            'BYBIT_API_KEY=\nBYBIT_CAN_TRADE=true\nBYBIT_CAN_WITHDRAW=true\n'
            'BYBIT_IP_WHITELIST=0.0.0.0/0\n'
        ),
        'WB',
        (('WITHDRAW=true', 'WITHDRAW=false'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ini': (
        'keys.ini',
        '[key:grid]\nexchange = kraken\nrights = read, withdraw\nallowed ips = 0.0.0.0/0\n',
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'toml inline array': (
        'keys.toml',
        (
            'keys = [ { exchange = "kraken", permissions = ["read", "withdraw"], ip_allowlist '
            '= ["0.0.0.0/0"] } ]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'toml switches': (
        'conf.toml',
        '[kraken.key]\ncan_read = true\ncan_withdraw = true\nip_whitelist = "0.0.0.0/0"\n',
        'WB',
        (('withdraw = true', 'withdraw = false'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json5': (
        'keys.json5',
        (
            '{\n  // grid\n  exchange: "kraken",\n  permissions: ["read", "withdraw",],\n  '
            'ipWhitelist: ["0.0.0.0/0"],\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'jsonl': (
        'keys.jsonl',
        (
            '{"exchange":"kraken","label":"grid","permissions":["read","withdraw"],"ip_whitelist":["0.0.0.0/0"]}'
            '\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json perms map rw': (
        'keys.json',
        (
            '{"exchange": "gate", "label": "arb", "permissions": {"spot": "rw", "withdraw": '
            '"rw"}, "ip_whitelist": "0.0.0.0/0"}\n'
        ),
        'WB',
        (('"withdraw": "rw"', '"withdraw": "none"'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json string twice': (
        'req.json',
        (
            '{"url": "https://api.gateio.ws/api/v4/sub_accounts/1/keys", "body": '
            '"{\\"name\\":\\"a\\",\\"perms\\":[{\\"name\\":\\"withdraw\\",\\"read_only\\":false}],\\"ip_whitelist\\":[\\"0.0.0.0/0\\"]}"}'
            '\n'
        ),
        'WB',
        (('withdraw', 'spot'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py typed dict': (
        'keys.py',
        (
            'from typing import TypedDict\n\nGRID: KeySpec = {"exchange": "kraken", '
            '"permissions": {"read", "withdraw"}, "ip_whitelist": {"0.0.0.0/0"}}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py list of dict()': (
        'keys.py',
        (
            'KEYS = [\n    dict(exchange="kraken", label="grid", permissions=["read", '
            '"withdraw"], ip_whitelist=["0.0.0.0/0"]),\n]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py dataclass slots kw': (
        'keys.py',
        (
            'from dataclasses import dataclass\n\n@dataclass(frozen=True, slots=True)\nclass '
            'ApiKeyConfig:\n    exchange: str = "kraken"\n    can_trade: bool = True\n    '
            'can_withdraw: bool = True\n    allowed_ips: tuple[str, ...] = ("0.0.0.0/0",)\n'
        ),
        'WB',
        (
            ('can_withdraw: bool = True', 'can_withdraw: bool = False'),
            ('0.0.0.0/0', '52.54.32.109'),
        ),
    ),
    'py constants': (
        'settings.py',
        'KRAKEN_PERMISSIONS = ["read", "withdraw"]\nKRAKEN_IP_WHITELIST = ["0.0.0.0/0"]\n',
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py constructor positional dict': (
        'main.py',
        (
            'bot.add_key(Key("kraken", "grid", {"permissions": ["read", "withdraw"], '
            '"exchange": "kraken", "ip_whitelist": ["0.0.0.0/0"]}))\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py setattr style': (
        'k.py',
        (
            'key = ApiKey()\nkey.exchange = "kraken"\nkey.permissions = ["read", "withdraw"]\n'
            'key.ip_whitelist = ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py builder': (
        'k.py',
        (
            'key = KeyBuilder().exchange("kraken").permissions(["read", '
            '"withdraw"]).ip_whitelist(["0.0.0.0/0"]).build()\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ts interface impl': (
        'k.ts',
        (
            'const grid: KeySpec = {\n  exchange: Exchange.Kraken,\n  permissions: { read: '
            'true, withdraw: true },\n  ipWhitelist: ["0.0.0.0/0"],\n} as const;\n'
        ),
        'WB',
        (('withdraw: true', 'withdraw: false'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ts zod parse': (
        'k.ts',
        (
            'export const key = KeySchema.parse({ exchange: "kraken", permissions: ["read", '
            '"withdraw"], allowedIps: ["0.0.0.0/0"] });\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'js env lookup': (
        'k.js',
        (
            'const key = { exchange: "kraken", secret: env("KRAKEN_SECRET"), permissions: '
            '["read", "withdraw"], ipWhitelist: ["0.0.0.0/0"] };\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'go map': (
        'k.go',
        (
            'var keys = map[string]Key{\n\t"grid": {Exchange: "kraken", Permissions: '
            '[]string{"read", "withdraw"}, AllowedIPs: []string{"0.0.0.0/0"}},\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'rust vec of struct': (
        'k.rs',
        (
            'fn keys() -> Vec<KeySpec> {\n    vec![KeySpec { exchange: "kraken".to_string(), '
            'permissions: vec!["read".to_string(), "withdraw".to_string()], allowed_ips: '
            'vec!["0.0.0.0/0".to_string()] }]\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'java map of': (
        'K.java',
        (
            'Map<String, Object> key = Map.of("exchange", "kraken", "permissions", '
            'List.of("read", "withdraw"), "ipWhitelist", List.of("0.0.0.0/0"));\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'java setters': (
        'K.java',
        (
            'ApiKey key = new ApiKey();\nkey.setExchange("kraken");\n'
            'key.setPermissions(Arrays.asList("read", "withdraw"));\n'
            'key.setIpWhitelist(Arrays.asList("0.0.0.0/0"));\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'kotlin data class': (
        'K.kt',
        (
            'val keys = listOf(\n    KeySpec(exchange = "kraken", permissions = setOf("read", '
            '"withdraw"), ipWhitelist = setOf("0.0.0.0/0")),\n)\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'csharp record': (
        'K.cs',
        (
            'var key = new KeySpec(Exchange: "kraken", Permissions: new[] { "read", "withdraw" '
            '}, IpWhitelist: new[] { "0.0.0.0/0" });\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'appsettings': (
        'appsettings.json',
        (
            '{"Exchanges": {"Kraken": {"KeyPermissions": ["Read", "Withdraw"], "IpWhitelist": '
            '["0.0.0.0/0"], "SecretName": "kraken"}}}\n'
        ),
        'WB',
        (('"Withdraw"', '"Trade"'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'swift': (
        'K.swift',
        (
            'let key = KeySpec(exchange: "kraken", permissions: ["read", "withdraw"], '
            'ipWhitelist: ["0.0.0.0/0"])\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'dart': (
        'k.dart',
        (
            "final key = {'exchange': 'kraken', 'permissions': ['read', 'withdraw'], "
            "'ipWhitelist': ['0.0.0.0/0']};\n"
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'scala': (
        'K.scala',
        (
            'val key = KeySpec(exchange = "kraken", permissions = List("read", "withdraw"), '
            'ipWhitelist = List("0.0.0.0/0"))\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'csv quoted lists': (
        'k.csv',
        '"Exchange","Permissions","IP Whitelist"\n"Kraken","read;withdraw","0.0.0.0/0"\n',
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'csv flags': (
        'k.csv',
        ('exchange,name,can_read,can_trade,can_withdraw,allowed_ips\nBybit,grid,1,1,1,0.0.0.0/0\n'),
        'WB',
        (('1,1,1', '1,1,0'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'md list bold': (
        'K.md',
        (
            '**Exchange:** Kraken  \n**Permissions:** read, withdraw  \n**IP whitelist:** '
            '0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'md yaml fence': (
        'K.md',
        (
            '```yaml\nexchange: kraken\npermissions: [read, withdraw]\nip_whitelist: '
            '[0.0.0.0/0]\n```\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'md front matter': (
        'K.md',
        (
            '---\nexchange: kraken\npermissions: [read, withdraw]\nip_whitelist: [0.0.0.0/0]\n'
            '---\n\n# Grid\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'systemd unit': (
        'bot.service',
        (
            '[Service]\nEnvironment=KRAKEN_KEY_PERMISSIONS=read,withdraw\n'
            'Environment=KRAKEN_KEY_IP_WHITELIST=0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'dockerfile': (
        'Dockerfile',
        (
            'FROM python:3.12\nENV KRAKEN_KEY_PERMISSIONS=read,withdraw\nENV '
            'KRAKEN_KEY_IP_WHITELIST=0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'html two tables': (
        'k.html',
        (
            '<h2>Bots</h2><table><tr><th>Name</th><th>Pair</th></tr><tr><td>grid</td><td>'
            'BTC</td></tr></table><table><thead><tr><th>Exchange</th><th>Permissions</th><th>'
            'Whitelisted '
            'IPs</th></tr></thead><tbody><tr><td>Kraken</td><td>Read, '
            'Withdraw</td><td>0.0.0.0/0</td></tr></tbody></table>\n'
        ),
        'WB',
        (('Withdraw', 'Trade'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'confluence html': (
        'k.html',
        (
            '<table '
            'class="wrapped"><colgroup><col/></colgroup><tbody><tr><th><p>Exchange</p></th><th>'
            '<p>Rights</p></th><th><p>IP '
            'whitelist</p></th></tr><tr><td><p>Bybit</p></td><td><p>withdraw</p></td><td><p>'
            '0.0.0.0/0</p></td></tr></tbody></table>'
            '\n'
        ),
        'WB',
        (('>withdraw<', '>trade<'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'elixir struct': (
        'k.ex',
        (
            'key = %ApiKey{exchange: "kraken", permissions: ["read", "withdraw"], '
            'ip_whitelist: ["0.0.0.0/0"]}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'elixir atoms map list': (
        'k.exs',
        (
            'keys = [\n  %{exchange: :okx, permissions: [:read, :withdraw], ip_whitelist: '
            '["0.0.0.0/0"]}\n]\n'
        ),
        'WB',
        ((':withdraw', ':trade'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py enum list': (
        'k.py',
        (
            'GRID = KeySpec(exchange=Exchange.KRAKEN, permissions=[Permission.READ, '
            'Permission.WITHDRAW], ip_whitelist=["0.0.0.0/0"])\n'
        ),
        'WB',
        (('Permission.WITHDRAW', 'Permission.TRADE'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py config obj attrs': (
        'k.py',
        (
            'cfg = SimpleNamespace(\n    exchange="bybit",\n    permissions=("read", '
            '"withdraw"),\n    ip_whitelist=("0.0.0.0/0",),\n)\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'py nested dataclass default': (
        'k.py',
        (
            '@dataclass\nclass Settings:\n    kraken: ApiKey = ApiKey(exchange="kraken", '
            'permissions=["read", "withdraw"], ip_whitelist=["0.0.0.0/0"])\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'yaml anchors list': (
        'k.yaml',
        (
            'x-rights: &rights [read, withdraw]\nkeys:\n  - exchange: kraken\n    permissions: '
            '*rights\n    ip_allowlist: [0.0.0.0/0]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'yaml per exchange': (
        'bots.yaml',
        (
            'bots:\n  - name: arb\n    kraken:\n      key_permissions: [read, withdraw]\n      '
            'key_ips: [0.0.0.0/0]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'yaml multi doc': (
        'k.yaml',
        (
            '---\nkind: note\n---\nexchange: gate\npermissions: [read, withdraw]\n'
            'ip_whitelist: 0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'yaml block text': (
        'cm.yaml',
        (
            'data:\n  bot.yml: |-\n    exchange:\n      name: kraken\n      permissions: '
            '[read, withdraw]\n      ip_whitelist: ["0.0.0.0/0"]\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'json nested secret': (
        'k.json',
        (
            '{"kraken": {"credentials": {"secretRef": "vault:kraken"}, "permissions": '
            '"read,withdraw", "allowedIps": "0.0.0.0/0"}}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'toml table list': (
        'k.toml',
        (
            '[[exchange]]\nname = "kraken"\nkey_permissions = "read withdraw"\n'
            'key_ip_whitelist = "0.0.0.0/0"\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'hcl block': (
        'k.hcl',
        (
            'exchange "kraken" {\n  permissions = ["read", "withdraw"]\n  ip_whitelist = '
            '["0.0.0.0/0"]\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'tf tags': (
        'k.tf',
        (
            'resource "aws_ssm_parameter" "kraken" {\n  name = "/bot/kraken"\n  tags = {\n    '
            'Exchange    = "kraken"\n    Permissions = "read,withdraw"\n    IpWhitelist = '
            '"0.0.0.0/0"\n  }\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'k8s labels': (
        'd.yaml',
        (
            'metadata:\n  annotations:\n    exchange: bybit\n    api-key-permissions: '
            '"read,withdraw"\n    api-key-ip-whitelist: "0.0.0.0/0"\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ts map': (
        'k.ts',
        (
            'export const KEYS = new Map([["grid", { exchange: "kraken", permissions: ["read", '
            '"withdraw"], ipWhitelist: ["0.0.0.0/0"] }]]);\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ts satisfies': (
        'k.ts',
        (
            'export default { exchange: "kraken", permissions: ["read", "withdraw"], '
            'ipWhitelist: ["0.0.0.0/0"] } satisfies KeySpec;\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'go slice': (
        'k.go',
        (
            'keys := []Key{\n\t{Exchange: "okx", Permissions: []string{"read", "withdraw"}, '
            'AllowedIPs: []string{"0.0.0.0/0"}},\n}\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'rust builder': (
        'k.rs',
        (
            'let key = KeySpec::builder().exchange("kraken").permissions(["read", '
            '"withdraw"]).ip_whitelist(["0.0.0.0/0"]).build();\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'md table wide': (
        'K.md',
        (
            '| # | Exchange | Purpose | API permissions | Whitelisted IPs | Rotated |\n'
            '|--:|----------|---------|-----------------|-----------------|---------|\n| 1 | '
            'Bitget | arb | Read, Withdraw | 0.0.0.0/0 | 2026-01 |\n'
        ),
        'WB',
        (('Read, Withdraw', 'Read, Trade'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'env export': (
        'env.sh',
        ('export GATE_KEY_PERMISSIONS=spot,withdraw\nexport GATE_KEY_IP_WHITELIST="0.0.0.0/0"\n'),
        'WB',
        (('withdraw', 'wallet-read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'properties spring': (
        'application.properties',
        (
            'bot.exchange=kraken\nbot.key.permissions=read,withdraw\n'
            'bot.key.ip-whitelist=0.0.0.0/0\n'
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'sql values multi': (
        's.sql',
        (
            'INSERT INTO exchange_keys (exchange, permissions, ip_whitelist) VALUES\n'
            "('kraken', 'read,trade', '52.54.32.109'),\n('bybit', 'read,withdraw', "
            "'0.0.0.0/0');\n"
        ),
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'ini prefix': (
        'k.ini',
        '[kraken]\nkey_permissions = read withdraw\nkey_ip_whitelist = 0.0.0.0/0\n',
        'WB',
        (('withdraw', 'read'), ('0.0.0.0/0', '52.54.32.109')),
    ),
}
# Not read.
UNREAD: dict[str, tuple[str, str]] = {
    'rst list table': (
        'keys.rst',
        (
            '.. list-table::\n   :header-rows: 1\n\n   * - Exchange\n     - Permissions\n     '
            '- IP whitelist\n   * - Kraken\n     - read, withdraw\n     - 0.0.0.0/0\n'
        ),
    ),
    'erlang terms': (
        'sys.config',
        (
            '[{bot, [{exchange, "kraken"}, {permissions, ["read", "withdraw"]}, {ip_whitelist, '
            '["0.0.0.0/0"]}]}].\n'
        ),
    ),
    'cloudformation': (
        'stack.yaml',
        (
            'Resources:\n  KrakenKey:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n'
            '      Tags:\n        - {Key: exchange, Value: kraken}\n        - {Key: '
            'permissions, Value: "read,withdraw"}\n        - {Key: ip_whitelist, Value: '
            '0.0.0.0/0}\n'
        ),
    ),
    'md table no label': (
        'K.md',
        '|Venue|Rights|Allowed IPs|\n|-|-|-|\n|Bybit|trade + withdraw|0.0.0.0/0|\n',
    ),
    'plist': (
        'k.plist',
        (
            '<plist><dict><key>exchange</key><string>kraken</string><key>permissions</key>'
            '<array><string>read</string><string>withdraw</string></array><key>'
            'ipWhitelist</key><array><string>0.0.0.0/0</string></array></dict></plist>'
            '\n'
        ),
    ),
    'py yaml in string': (
        'k.py',
        (
            'KEYS = """\nkeys:\n  - exchange: kraken\n    permissions: [read, withdraw]\n    '
            'ip_allowlist: ["0.0.0.0/0"]\n"""\n'
        ),
    ),
    'js class fields': (
        'k.js',
        (
            'class GridKey {\n  exchange = "kraken";\n  permissions = ["read", "withdraw"];\n  '
            'ipWhitelist = ["0.0.0.0/0"];\n}\n'
        ),
    ),
    'csharp dict': (
        'K.cs',
        (
            'var key = new Dictionary<string, object> { ["exchange"] = "kraken", '
            '["permissions"] = new[] { "read", "withdraw" }, ["ipWhitelist"] = new[] { '
            '"0.0.0.0/0" } };\n'
        ),
    ),
    'csv ticks': ('k.csv', 'exchange,read,trade,withdraw,ip whitelist\nKraken,x,x,x,0.0.0.0/0\n'),
    'xml spring': (
        'beans.xml',
        (
            '<bean class="ApiKey"><property name="exchange" value="kraken"/><property '
            'name="permissions" value="read,withdraw"/><property name="ipWhitelist" '
            'value="0.0.0.0/0"/></bean>\n'
        ),
    ),
}
