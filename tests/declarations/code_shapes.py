"""What owners write about their keys in the languages of bots; see `answer_shapes`."""

from __future__ import annotations

from tests.declarations.answer_shapes import Shape

_RIGHTS = ('withdraw', 'read')
_ADDRESS = ('0.0.0.0/0', '52.54.32.109')

CODE: dict[str, Shape] = {
    'python list': (
        'settings.py',
        "KEYS = [\n    {'exchange': 'okx', 'permissions': ['read', 'withdraw'], "
        "'ip_whitelist': []},\n]\n",
        'WN',
        ((", 'withdraw'", ''), ("'ip_whitelist': []", "'ip_whitelist': ['52.54.32.109']")),
    ),
    'python call': (
        'settings.py',
        "KEY = Key(exchange='okx', permissions=['read', 'withdraw'], ip_whitelist=['0.0.0.0/0'])\n",
        'WB',
        ((", 'withdraw'", ''), _ADDRESS),
    ),
    'python members of an enumeration': (
        'settings.py',
        'KEY = ApiKey(\n    exchange=Exchange.BINANCE,\n'
        '    permissions={Permission.READ, Permission.WITHDRAW},\n    ip_whitelist=None,\n)\n',
        'WN',
        ((', Permission.WITHDRAW', ''), ('ip_whitelist=None', "ip_whitelist=['52.54.32.109']")),
    ),
    'python dict call': (
        'keys.py',
        "GRID = dict(exchange='gate', permissions='spot, withdrawal', allowed_ips='0.0.0.0/0')\n",
        'WB',
        ((', withdrawal', ''), _ADDRESS),
    ),
    'python class': (
        'config.py',
        "class Grid:\n    exchange = 'kraken'\n    permissions = ['read', 'withdraw']\n"
        "    ip_allowlist = ['0.0.0.0/0']\n",
        'WB',
        ((", 'withdraw'", ''), _ADDRESS),
    ),
    'typescript array': (
        'src/keys.ts',
        "export const keys: KeySpec[] = [\n  { exchange: 'okx', permissions: ['read', 'withdraw'], "
        'ipWhitelist: [] },\n];\n',
        'WN',
        ((", 'withdraw'", ''), ('ipWhitelist: []', "ipWhitelist: ['52.54.32.109']")),
    ),
    'typescript, satisfies and as const': (
        'src/config.ts',
        "export default {\n  exchange: 'bybit',\n  canTrade: true,\n  canWithdraw: true,\n"
        '  ipRestricted: false,\n} as const satisfies KeySpec;\n',
        'WN',
        (
            ('canWithdraw: true', 'canWithdraw: false'),
            ('ipRestricted: false', 'ipRestricted: true'),
        ),
    ),
    'javascript module': (
        'config.js',
        "module.exports = {\n  kraken: {\n    permissions: ['read', 'withdraw'],\n"
        "    allowedIps: ['0.0.0.0/0'],\n  },\n};\n",
        'WB',
        ((", 'withdraw'", ''), _ADDRESS),
    ),
    'go literal': (
        'keys.go',
        'package keys\n\nvar Grid = Key{\n\tExchange:    "binance",\n'
        '\tPermissions: []string{"read", "withdraw"},\n\tIPWhitelist: []string{"0.0.0.0/0"},\n}\n',
        'WB',
        ((', "withdraw"', ''), _ADDRESS),
    ),
    'rust literal': (
        'src/keys.rs',
        'let grid = ApiKey {\n    exchange: "kraken".into(),\n'
        '    permissions: vec!["read", "withdraw"],\n    ip_whitelist: vec!["0.0.0.0/0"],\n};\n',
        'WB',
        ((', "withdraw"', ''), _ADDRESS),
    ),
    'kotlin call': (
        'Keys.kt',
        'val grid = ApiKey(\n    exchange = "binance",\n'
        '    permissions = listOf("read", "withdraw"),\n'
        '    ipWhitelist = listOf("0.0.0.0/0"),\n)\n',
        'WB',
        ((', "withdraw"', ''), _ADDRESS),
    ),
    'c sharp initializer': (
        'Keys.cs',
        'var grid = new ApiKey {\n    Exchange = "binance",\n'
        '    Permissions = new[] { "read", "withdraw" },\n'
        '    IpWhitelist = new[] { "0.0.0.0/0" },\n};\n',
        'WB',
        ((', "withdraw"', ''), _ADDRESS),
    ),
    'ruby hash': (
        'keys.rb',
        "GRID = {\n  exchange: 'okx',\n  permissions: %w[read withdraw],\n"
        "  ip_whitelist: ['0.0.0.0/0']\n}.freeze\n",
        'WB',
        ((' withdraw]', ']'), _ADDRESS),
    ),
    'php array': (
        'config/keys.php',
        "<?php\nreturn [\n    'exchange' => 'binance',\n"
        "    'permissions' => ['read', 'withdraw'],\n    'ip_whitelist' => ['0.0.0.0/0'],\n];\n",
        'WB',
        ((", 'withdraw'", ''), _ADDRESS),
    ),
    'lua table': (
        'keys.lua',
        'return {\n  exchange = "okx",\n  permissions = { "read", "withdraw" },\n'
        '  ip_whitelist = { "0.0.0.0/0" },\n}\n',
        'WB',
        ((', "withdraw"', ''), _ADDRESS),
    ),
    'nix set': (
        'keys.nix',
        '{\n  exchange = "binance";\n  permissions = [ "read" "withdraw" ];\n'
        '  ipWhitelist = [ "0.0.0.0/0" ];\n}\n',
        'WB',
        ((' "withdraw"', ''), _ADDRESS),
    ),
    'swift call': (
        'Keys.swift',
        (
            'let grid = ApiKey(\n'
            '    exchange: "binance",\n'
            '    permissions: ["read", "withdraw"],\n'
            '    ipWhitelist: ["0.0.0.0/0"]\n'
            ')\n'
        ),
        'WB',
        ((', "withdraw"', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'scala call': (
        'Keys.scala',
        (
            'val grid = ApiKey(\n'
            '  exchange = "kraken",\n'
            '  permissions = Seq("read", "withdraw"),\n'
            '  ipWhitelist = Seq.empty\n'
            ')\n'
        ),
        'W',
        ((', "withdraw"', ''),),
    ),
    'dart call': (
        'keys.dart',
        (
            'final grid = ApiKey(\n'
            "  exchange: 'okx',\n"
            "  permissions: ['read', 'withdraw'],\n"
            "  ipWhitelist: ['0.0.0.0/0'],\n"
            ');\n'
        ),
        'WB',
        ((", 'withdraw'", ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'go constants': (
        'keys.go',
        (
            'package keys\n'
            '\n'
            'var Grid = Key{\n'
            '\tExchange: exchanges.Binance,\n'
            '\tPermissions: []Permission{PermissionRead, PermissionWithdraw},\n'
            '\tIPWhitelist: []string{"0.0.0.0/0"},\n'
            '}\n'
        ),
        'WB',
        ((', PermissionWithdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'rust paths': (
        'k.rs',
        (
            'let k = ApiKey {\n'
            '    exchange: Exchange::Kraken,\n'
            '    permissions: vec![Permission::Read, Permission::Withdraw],\n'
            '    ip_whitelist: vec!["0.0.0.0/0".to_string()],\n'
            '};\n'
        ),
        'WB',
        ((', Permission::Withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'c sharp lists': (
        'K.cs',
        (
            'var k = new ApiKey\n'
            '{\n'
            '    Exchange = Exchange.Binance,\n'
            '    Permissions = new List<Permission> { Permission.Read, Permission.Withdraw },\n'
            '    IpWhitelist = new List<string> { "0.0.0.0/0" },\n'
            '};\n'
        ),
        'WB',
        ((', Permission.Withdraw', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'java builder': (
        'K.java',
        (
            'ApiKey k = ApiKey.builder()\n'
            '    .exchange("binance")\n'
            '    .permissions(List.of("read", "withdraw"))\n'
            '    .ipWhitelist(List.of("0.0.0.0/0"))\n'
            '    .build();\n'
        ),
        'WB',
        ((', "withdraw"', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'kotlin members': (
        'K.kt',
        (
            'val k = ApiKey(exchange = Exchange.BINANCE, permissions = setOf(Permis'
            'sion.READ, Permission.WITHDRAW), ipWhitelist = emptyList())\n'
        ),
        'WN',
        ((', Permission.WITHDRAW', ''), ('emptyList()', 'listOf("52.54.32.109")')),
    ),
    'typescript argument': (
        'index.ts',
        (
            "new ApiKey('grid', {\n"
            "  exchange: 'binance',\n"
            "  permissions: ['read', 'withdraw'],\n"
            "  ipWhitelist: ['0.0.0.0/0'],\n"
            '});\n'
        ),
        'WB',
        ((", 'withdraw'", ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'pydantic settings': (
        's.py',
        (
            'class GridKey(BaseSettings):\n'
            "    exchange: str = 'binance'\n"
            "    permissions: list[str] = Field(default=['read', 'withdraw'])\n"
            "    ip_whitelist: list[str] = ['0.0.0.0/0']\n"
        ),
        'WB',
        ((", 'withdraw'", ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'python frozen set': (
        's.py',
        (
            "KEY = KeySpec(venue='okx', rights=frozenset({'read', 'withdraw'}), all"
            "owed_ips=('0.0.0.0/0',))\n"
        ),
        'WB',
        ((", 'withdraw'", ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'python flags': (
        's.py',
        (
            "KEY = ApiKey(exchange='okx', permissions=Scope.READ | Scope.WITHDRAW, "
            "ip_whitelist=['0.0.0.0/0'])\n"
        ),
        'WB',
        ((' | Scope.WITHDRAW', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
}
