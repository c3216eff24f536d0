"""What vendors answer about a key, as people save it; each with its mirror of a sound key.

Each shape is a file name, its text, the letters of what is wrong with it (`W`ithdraw, `T`ransfer,
`N`o addresses, `B`road addresses) and the replacements that make the same file a sound one.
"""

from __future__ import annotations

Shape = tuple[str, str, str, tuple[tuple[str, str], ...]]

_SOUND_BINANCE = (
    ('"ipRestrict": false', '"ipRestrict": true'),
    ('"enableWithdrawals": true', '"enableWithdrawals": false'),
    ('"enableInternalTransfer": true', '"enableInternalTransfer": false'),
)

ANSWERS: dict[str, Shape] = {
    'binance, saved with curl': (
        'audit/2026-02-binance.json',
        '{"ipRestrict": false, "createTime": 1768435200000, "enableReading": true, '
        '"enableWithdrawals": true, "enableInternalTransfer": true, "enableFutures": false, '
        '"permitsUniversalTransfer": false, "enableVanillaOptions": false}\n',
        'WTN',
        _SOUND_BINANCE,
    ),
    'binance, under the name of the account': (
        'state/permissions.json',
        '{\n  "accounts": {\n    "main": {\n      "venue": "binance",\n      "restrictions": {\n'
        '        "ipRestrict": false,\n        "enableReading": true,\n'
        '        "enableWithdrawals": true,\n        "enableInternalTransfer": true\n      }\n'
        '    }\n  }\n}\n',
        'WTN',
        _SOUND_BINANCE,
    ),
    'binance, a constant of python': (
        'fixtures/binance_key.py',
        "RESTRICTIONS = {\n    'ipRestrict': False,\n    'enableReading': True,\n"
        "    'enableSpotAndMarginTrading': True,\n    'enableWithdrawals': True,\n}\n",
        'WN',
        (
            ("'ipRestrict': False", "'ipRestrict': True"),
            ("'enableWithdrawals': True", "'enableWithdrawals': False"),
        ),
    ),
    'binance, a constant of typescript': (
        'src/restrictions.ts',
        'export const restrictions: ApiRestrictions = {\n  ipRestrict: false,\n'
        '  enableReading: true,\n  enableWithdrawals: true,\n  enableInternalTransfer: true,\n};\n',
        'WTN',
        (
            ('ipRestrict: false', 'ipRestrict: true'),
            ('enableWithdrawals: true', 'enableWithdrawals: false'),
            ('enableInternalTransfer: true', 'enableInternalTransfer: false'),
        ),
    ),
    'binance, as yaml': (
        'keys/binance-grid.yaml',
        'ipRestrict: false\nenableReading: true\nenableSpotAndMarginTrading: true\n'
        'enableWithdrawals: true\npermitsUniversalTransfer: true\n',
        'WTN',
        (
            ('ipRestrict: false', 'ipRestrict: true'),
            ('enableWithdrawals: true', 'enableWithdrawals: false'),
            ('permitsUniversalTransfer: true', 'permitsUniversalTransfer: false'),
        ),
    ),
    'binance, in a log': (
        'bot.log',
        "2026-02-01 10:00:00 INFO key: {'ipRestrict': False, 'createTime': 1768435200000, "
        "'enableReading': True, 'enableWithdrawals': True}\n",
        'WN',
        (
            ("'ipRestrict': False", "'ipRestrict': True"),
            ("'enableWithdrawals': True", "'enableWithdrawals': False"),
        ),
    ),
    'bybit, own key': (
        'bybit/query-api.json',
        '{"retCode": 0, "retMsg": "", "result": {"id": "1377", "note": "grid", "readOnly": 0, '
        '"permissions": {"ContractTrade": ["Order", "Position"], "Spot": ["SpotTrade"], '
        '"Wallet": ["AccountTransfer", "SubMemberTransfer", "Withdraw"], "Options": []}, '
        '"ips": ["*"], "type": 1}, "time": 1768435200000}\n',
        'WTN',
        (('"AccountTransfer", "SubMemberTransfer", "Withdraw"', ''), ('"*"', '"52.54.32.109"')),
    ),
    'bybit, as yaml': (
        'bybit_key.yml',
        'result:\n  note: grid\n  readOnly: 0\n  permissions:\n    Spot: [SpotTrade]\n'
        '    Wallet: [AccountTransfer, Withdraw]\n  ips: ["0.0.0.0/0"]\n',
        'WTB',
        (('[AccountTransfer, Withdraw]', '[]'), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'bybit, request for a sub-account': (
        'make_key.py',
        'from pybit.unified_trading import HTTP\n\nsession = HTTP(api_key=KEY, api_secret=SECRET)\n'
        "session.create_sub_api_key(\n    subuid=53888000,\n    note='grid',\n    readOnly=0,\n"
        "    ips=['*'],\n    permissions={'Wallet': ['AccountTransfer', 'Withdraw']},\n)\n",
        'WTN',
        (
            ("'Wallet': ['AccountTransfer', 'Withdraw']", "'Spot': ['SpotTrade']"),
            ("'*'", "'52.54.32.109'"),
        ),
    ),
    'okx, account configuration': (
        'okx/account-config.json',
        '{"code": "0", "data": [{"acctLv": "2", "ip": "", "kycLv": "3", "label": "grid", '
        '"mainUid": "447", "perm": "read_only,withdraw,trade", "posMode": "net_mode", '
        '"uid": "447"}], "msg": ""}\n',
        'WN',
        (('read_only,withdraw,trade', 'read_only'), ('"ip": ""', '"ip": "52.54.32.109"')),
    ),
    'okx, key of a sub-account': (
        'okx_sub.yaml',
        'code: "0"\ndata:\n  - subAcct: grid1\n    label: grid\n    perm: read_only,trade\n'
        '    ip: 0.0.0.0\n    ts: "1768435200000"\n',
        'N',
        (('read_only,trade', 'read_only'), ('ip: 0.0.0.0', 'ip: 52.54.32.109')),
    ),
    'kucoin, own key': (
        'kucoin.json',
        '{"code": "200000", "data": {"remark": "grid", "apiVersion": 3, '
        '"permission": "General,Futures,Spot,Transfer", "isMaster": true, "uid": 447}}\n',
        'WN',
        (
            ('General,Futures,Spot,Transfer', 'General'),
            ('"isMaster"', '"ipWhitelist": "52.54.32.109", "isMaster"'),
        ),
    ),
    'htx, own keys': (
        'htx.json',
        '{"code": 200, "data": [{"accessKey": "a-b-c", "createTime": 1768435200000, '
        '"ipAddresses": "", "note": "grid", "permission": "readOnly,trade,withdraw", '
        '"status": "normal", "updateTime": 1768435200000, "validDays": 88}]}\n',
        'WN',
        (
            ('readOnly,trade,withdraw', 'readOnly'),
            ('"ipAddresses": ""', '"ipAddresses": "52.54.32.109"'),
        ),
    ),
    'coinbase, rights of a key': (
        'coinbase_permissions.json',
        '{"can_view": true, "can_trade": true, "can_transfer": true, "portfolio_uuid": "grid", '
        '"portfolio_type": "CONSUMER"}\n',
        'W',
        (('"can_transfer": true', '"can_transfer": false'),),
    ),
    'kraken, own key': (
        'kraken.json',
        '{"error": [], "result": {"api_key_name": "grid", "nonce_window": "0", '
        '"permissions": ["query-funds", "modify-trades", "withdraw-funds"], "ip_allowlist": [], '
        '"created_time": "1768435200"}}\n',
        'WN',
        ((', "withdraw-funds"', ''), ('"ip_allowlist": []', '"ip_allowlist": ["52.54.32.109"]')),
    ),
    'gate, keys of a sub-account': (
        'gate.json',
        '[{"user_id": "447", "name": "grid", "mode": 1, "state": 1, "perms": '
        '[{"name": "spot", "read_only": false}, {"name": "wallet", "read_only": false}, '
        '{"name": "withdrawal", "read_only": false}], "ip_whitelist": ["0.0.0.0/0"]}]\n',
        'WTB',
        (
            (
                ', {"name": "wallet", "read_only": false}, {"name": "withdrawal", '
                '"read_only": false}',
                '',
            ),
            ('0.0.0.0/0', '52.54.32.109'),
        ),
    ),
    'bitget, request for a sub-account': (
        'bitget_sub.json',
        '{"subAccountUid": "447", "label": "grid", "ipList": [], "permType": "read_and_write", '
        '"permList": ["spot_trade", "transfer", "withdraw"]}\n',
        'WTN',
        ((', "transfer", "withdraw"', ''), ('"ipList": []', '"ipList": ["52.54.32.109"]')),
    ),
    'deribit, own keys': (
        'deribit.json',
        '{"jsonrpc": "2.0", "result": [{"id": 3, "client_id": "grid", "enabled": true, '
        '"timestamp": 1768435200000, "ip_whitelist": [], '
        '"max_scope": "account:read trade:read_write wallet:read_write"}]}\n',
        'WN',
        (
            ('wallet:read_write', 'wallet:read'),
            ('"ip_whitelist": []', '"ip_whitelist": ["52.54.32.109"]'),
        ),
    ),
    'bitmex, own keys': (
        'bitmex.json',
        '[{"id": "grid", "name": "grid", "nonce": 0, "cidr": "0.0.0.0/0", '
        '"permissions": ["order", "withdraw"], "enabled": true, "userId": 447}]\n',
        'WB',
        ((', "withdraw"', ''), ('0.0.0.0/0', '52.54.32.109')),
    ),
    'bitfinex, scopes of a key': (
        'bitfinex_permissions.json',
        '[["account", 1, 0], ["orders", 1, 1], ["funding", 1, 0], ["settings", 0, 0], '
        '["wallets", 1, 1], ["withdraw", 1, 1]]\n',
        'WT',
        (('["wallets", 1, 1], ["withdraw", 1, 1]', '["wallets", 1, 0], ["withdraw", 0, 0]'),),
    ),
}
