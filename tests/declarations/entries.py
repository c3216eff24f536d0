"""Entries of configurations, as people write them."""

from __future__ import annotations

from keylint.core.model import KeyDeclaration
from keylint.core.terms import PERMISSIONS
from keylint.declarations.extract import find_declarations
from keylint.declarations.spoken_places import list_places
from keylint.readers.formats import FORMATS, Format, format_of
from keylint.readers.notebook import read_fragments
from keylint.readers.parsed import ParsedText
from keylint.rules.rule_set import RuleSet


def declare(
    data: bytes, name: str, pack: RuleSet, form: Format | None = None
) -> list[KeyDeclaration]:
    own = form or format_of(name)
    places = list_places(data, own, pack.matcher.find_matches(data), pack)
    return find_declarations(ParsedText(data), own, name, pack, places)


def read(name: str, text: str, pack: RuleSet) -> list[KeyDeclaration]:
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
        ('gate: read trade margin withdraw / none',),
    ),
    'words of a page': (
        'keys.yaml',
        (
            'exchange: binance\npermissions: [Can Read, Enable Spot & Margin Trading]\n'
            'ip_allowlist: [52.54.32.109]\n'
        ),
        ('binance: read trade margin / listed 52.54.32.109',),
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
        ('kraken: read transfer withdraw / listed 52.54.32.109',),
    ),
    'yaml placeholder': (
        'config.yaml',
        'exchange: kraken\napi_key: ${K}\npermissions: [read]\nip_whitelist: [YOUR_SERVER_IP]\n',
        ('kraken: read / placeholder',),
    ),
    'yaml without list': (
        'config.yaml',
        'exchange: kraken\napi_key: ${K}\npermissions: [read, trade]\n',
        ('kraken: read trade / unstated',),
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
        ('okx: read trade margin derivatives transfer / none',),
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
