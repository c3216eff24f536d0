"""What speaks of rights, exchanges and addresses, and of no key: schemas, offers, variables."""

from __future__ import annotations

NO_KEYS: dict[str, tuple[str, str]] = {
    'offers in markdown': (
        'README.md',
        (
            '| Exchange | Spot | Futures | Withdraw | IP whitelist |\n'
            '|---|---|---|---|---|\n'
            '| Binance | ✅ | ✅ | ✅ | ✅ |\n'
            '| OKX | ✅ | ❌ | ✅ | ✅ |\n'
        ),
    ),
    'offers in csv': (
        'exchanges.csv',
        ('exchange,read,trade,withdraw,ip_whitelist\nbinance,true,true,true,true\n'),
    ),
    'offers by name': (
        'README.md',
        (
            '| Name | Trade | Withdraw | IP whitelist | Notes |\n'
            '|---|---|---|---|---|\n'
            '| Binance | ✅ | ✅ | ✅ | 30 entries |\n'
        ),
    ),
    'a history of withdrawals': (
        'history.csv',
        ('exchange,label,withdraw,trade,ip\nbinance,grid,1,0,52.1.2.3\n'),
    ),
    'fees': ('fees.csv', ('exchange,trade,withdraw,limit\nbinance,0.1,1,5\n')),
    'a table of sql': (
        's.sql',
        (
            'CREATE TABLE api_keys (exchange text, label text, permissions text, '
            'ip_whitelist text);\n'
        ),
    ),
    'a statement with variables': (
        's.sql',
        (
            'INSERT INTO api_keys (exchange, label, permissions, ip_whitelist) VA'
            'LUES ($1, $2, $3, $4);\n'
        ),
    ),
    'a statement with some variables': (
        's.sql',
        (
            'INSERT INTO api_keys (exchange, label, permissions, ip_whitelist) VA'
            "LUES ('binance', ?, ?, ?);\n"
        ),
    ),
    'defaults of a kotlin class': (
        'K.kt',
        (
            'data class ApiKey(val exchange: String = "binance", val permissions:'
            ' List<String> = listOf(), val ipWhitelist: List<String> = listOf())\n'
        ),
    ),
    'variables of kotlin': (
        'K.kt',
        ('val k = ApiKey(exchange = "binance", permissions = perms, ipWhitelist = ips)\n'),
    ),
    'what a reader must tick': (
        'README.md',
        ('- **Exchange:** Binance\n- **Permissions:** read, trade\n- **Withdrawals:** never\n'),
    ),
    'what an exchange supports': (
        'README.md',
        (
            '- **Name:** Binance\n'
            '- **Rate limit:** 10\n'
            '- **Withdraw:** supported\n'
            '- **IP whitelist:** supported\n'
        ),
    ),
    'an interface': (
        'k.ts',
        (
            "export default interface Key { exchange: 'binance'; permissions: str"
            'ing[]; ipWhitelist: string[] }\n'
        ),
    ),
    'variables of typescript': (
        'k.ts',
        ("export default { exchange: 'binance', permissions, ipWhitelist };\n"),
    ),
    'variables of python': (
        'k.py',
        (
            'K = ApiKey(exchange=Exchange.BINANCE, permissions=settings.PERMS, ip'
            '_whitelist=settings.IPS)\n'
        ),
    ),
    'an enumeration': (
        'k.py',
        (
            'class Permission(Enum):\n'
            "    READ = 'read'\n"
            "    WITHDRAW = 'withdraw'\n"
            '\n'
            'ALL = [Permission.READ, Permission.WITHDRAW]\n'
            "EXCHANGE = 'binance'\n"
        ),
    ),
    'a check of rights': (
        'k.py',
        (
            "if Permission.WITHDRAW in key.permissions and exchange == 'binance':\n"
            '    raise ValueError(permissions={Permission.WITHDRAW})\n'
        ),
    ),
    'rights of a view': (
        'v.py',
        (
            'class V(View):\n'
            '    permission_classes = [IsAuthenticated | ReadOnly]\n'
            "    exchange = 'binance'\n"
        ),
    ),
    'properties of c sharp': (
        'K.cs',
        (
            'public class ApiKey { public string Exchange { get; set; } = "binanc'
            'e"; public List<string> Permissions { get; set; } = new List<string> { }; }\n'
        ),
    ),
    'an attribute of c sharp': (
        'K.cs',
        (
            '[Authorize(Permissions = new[] { "read", "withdraw" })]\n'
            'public class BinanceController { }\n'
        ),
    ),
    'a function of swift': (
        'K.swift',
        ('func make(exchange: "binance", permissions: [String], ipWhitelist: [String]) {}\n'),
    ),
    'a schema': (
        's.json',
        (
            '{"type": "object", "properties": {"exchange": {"enum": ["binance"]},'
            ' "permissions": {"type": "array", "items": {"enum": ["read", "withdr'
            'aw"]}}, "ip_whitelist": {"type": "array"}}}'
        ),
    ),
    "a vendor's table": (
        'README.md',
        (
            '| Permission | Binance | What it allows |\n'
            '|---|---|---|\n'
            '| Enable Withdrawals | off | withdraw |\n'
        ),
    ),
    'rights of a cloud': (
        'm.tf',
        ('resource "aws_iam" "x" {\n  permissions = ["s3:Read"]\n  name = "binance-bucket"\n}\n'),
    ),
    'rights of a phone': (
        'K.kt',
        (
            'requestPermissions(permissions = listOf("read", "withdraw"))\n'
            'val exchange = "binance"\n'
        ),
    ),
}
