"""Values of strangers and of formats that vendors changed: the file, its text, what it must be."""

from __future__ import annotations

GENERIC = 'generic-credential'
EVM = 'evm-private-key-credential'
PEM = 'pem-private-key-credential'
ED25519 = 'ed25519-der-credential'
WIREGUARD = 'wireguard-credential'
AZURE = 'azure-credential'
WORD = '0123456789abcdef'

# Private keys of strangers: no wallet takes one by its name and length alone.
STRANGERS = {
    'a tunnel': ('wg0.conf', '[Interface]\nPrivateKey = {base64:32}\n', WIREGUARD),
    'a tunnel by its name': ('.env', 'WIREGUARD_PRIVATE_KEY={base64:32}\n', WIREGUARD),
    'a tunnel in short': ('.env', 'WG_PRIVATE_KEY={base64:32}\n', WIREGUARD),
    'a key of NaCl': ('.env', 'NACL_PRIVATE_KEY={base64:32}\n', GENERIC),
    'a signing key': ('.env', 'SIGNING_PRIVATE_KEY={base64:64}\n', GENERIC),
    '32 bytes': ('.env', 'PRIVATE_KEY={base64:32}\n', GENERIC),
    '64 bytes': ('config.yaml', 'private_key: {base64:64}\n', GENERIC),
    '33 bytes of no curve of Sui': ('.env', 'PRIVATE_KEY=AC{alnum:42}\n', GENERIC),
    'a storage account': (
        '.env',
        'CONNECTION=DefaultEndpointsProtocol=https;AccountName=bots;AccountKey={base64:64};'
        'EndpointSuffix=core.windows.net\n',
        AZURE,
    ),
    'a storage account in code': (
        'upload.py',
        'CONNECTION = "AccountName=bots;AccountKey={base64:64};EndpointSuffix=core.windows.net"\n',
        AZURE,
    ),
    'a database of Azure': ('.env', 'COSMOS_KEY={base64:64}\n', AZURE),
    'a queue': (
        'app.json',
        '{{"hub": "Endpoint=sb://ticks.servicebus.windows.net/;SharedAccessKeyName=all;'
        'SharedAccessKey={base64:32}"}}\n',
        AZURE,
    ),
    'a pair of Ed25519': ('.env', 'API_KEY_SECRET={ed25519-pair}\n', ED25519),
    'a pair of Ed25519 in JSON': ('key.json', '{{"privateKey": "{ed25519-pair}"}}\n', ED25519),
    'the same with a word': (
        '.env',
        'COINBASE_API_KEY={uuid}\nCOINBASE_API_SECRET={ed25519-pair}\n',
        'coinbase-cdp-credential',
    ),
    'a pair of Algorand': (
        'pay.py',
        'from algosdk import transaction\n\nPRIVATE_KEY = "{ed25519-pair}"\n',
        'algorand-credential',
    ),
    'an account of Ethereum': ('.env', 'PRIVATE_KEY={evm}\n', EVM),
    'an account of Tron': ('.env', 'TRON_PRIVATE_KEY={evm}\n', 'tron-credential'),
    'an account of Tron by its library': (
        'pay.py',
        'from tronpy import Tron\n\nprivate_key = "{evm}"\n',
        'tron-credential',
    ),
    'an account of Ethereum beside Tron': (
        '.env',
        'ETH_PRIVATE_KEY=0x{evm}\nTRON_RPC=https://api.trongrid.io\n',
        EVM,
    ),
    'an account of Cosmos': ('.env', 'COSMOS_PRIVATE_KEY={evm}\n', 'cosmos-credential'),
    'a pair of Algorand by its name': (
        '.env',
        'ALGO_PRIVATE_KEY={ed25519-pair}\n',
        'algorand-credential',
    ),
    'an account of Starknet': (
        '.env',
        'STARKNET_PRIVATE_KEY=0x0{pick:1|2}{hex:62}\n',
        'starknet-credential',
    ),
    'an account of Bittensor': (
        'miner.py',
        'import bittensor\n\nprivate_key = "0x{hex:64}"\n',
        'substrate-credential',
    ),
}

# Forms of 2025 and 2026, most of them in a note without any name.
NEW_FORMS = {
    'address of Alchemy': (
        'rpc.ts',
        'const url = "https://eth-mainnet.g.alchemy.com/v2/alch_{urlsafe:21}";\n',
        'alchemy-credential',
    ),
    'key of Alchemy': ('.env', 'API_KEY=alch_{urlsafe:21}\n', 'alchemy-credential'),
    'key of Bedrock': ('.env', 'AWS_BEARER_TOKEN_BEDROCK=ABSK{base64:96}\n', 'aws-credential'),
    'keys of Lighter': (
        'maker.py',
        'client = SignerClient(url=URL, api_private_keys={{0: "0x{hex:80}"}})\n',
        'lighter-credential',
    ),
    'key of Lighter without 0x': ('.env', 'LIGHTER_PRIVATE_KEY={hex:80}\n', 'lighter-credential'),
    'installation of GitHub': (
        'run.log',
        'with ghs_{digits:7}_eyJ{urlsafe:60}.eyJ{urlsafe:200}.{urlsafe:240}\n',
        'github-credential',
    ),
    'trigger of Slack': (
        'note.txt',
        'https://hooks.slack.com/triggers/T{upper:10}/{digits:13}/{hex:32}\n',
        'slack-credential',
    ),
    'workflow of Slack': (
        'note.txt',
        'https://hooks.slack.com/workflows/T{upper:10}/A{upper:10}/{digits:18}/{alnum:24}\n',
        'slack-credential',
    ),
    'refresh token of Slack': ('note.txt', 'use xoxe-1-{alnum:146}\n', 'slack-credential'),
    'session of Slack': (
        'note.txt',
        'use xoxc-{digits:12}-{digits:12}-{digits:12}-{hex:64}\n',
        'slack-credential',
    ),
    'runner of GitLab': ('note.txt', 'use glrt-{urlsafe:20}\n', 'gitlab-credential'),
    'runner of GitLab, routable': (
        'note.txt',
        'use glrt-t1_{urlsafe:27}.01.{lower:9}\n',
        'gitlab-credential',
    ),
    'agent of GitLab': ('note.txt', 'use glagent-{urlsafe:50}\n', 'gitlab-credential'),
    'login of Anthropic': ('note.txt', 'sk-ant-oat01-{urlsafe:93}AA\n', 'anthropic-credential'),
    'key file of Sui': ('sui.keystore', '["AK{alnum:42}"]\n', 'sui-credential'),
    'account of Aptos': (
        'maker.py',
        'alice = Account.load_key("0x{hex:64}")\n',
        'aptos-credential',
    ),
    'profile of Aptos': (
        '.aptos/config.yaml',
        'profiles:\n  default:\n    private_key: "0x{hex:64}"\n',
        'aptos-credential',
    ),
    'key of Kalshi': (
        '.env',
        'KALSHI_KEY_ID={uuid}\nKALSHI_PRIVATE_KEY="{pem1:rsa}"\n',
        'kalshi-credential',
    ),
    'key of Bitso': (
        '.env',
        'BITSO_API_KEY={letters:10}\nBITSO_API_SECRET={hex:32}\n',
        'bitso-credential',
    ),
    'secret of Alpaca with a slash': (
        'bot.py',
        'api = alpaca_trade_api.REST("PK{upper:18}", "{alnum:20}/{alnum:12}+{alnum:6}")\n',
        'alpaca-credential',
    ),
    'short secret of 3Commas': (
        'bot.py',
        'p3cw = Py3CW(key="{hex:64}", secret="{hex:200}")\n',
        '3commas-credential',
    ),
    'configuration of Hyperliquid': (
        'config.json',
        '{{"secret_key": "0x{evm}", "account_address": "0x{hex:40}"}}\n',
        'hyperliquid-credential',
    ),
    'wallet secret of Coinbase': (
        '.env',
        'CDP_WALLET_SECRET=MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg{base64:102}\n',
        'coinbase-cdp-credential',
    ),
}

# Names that many vendors have: only a value of the one vendor's shape is that vendor's.
SHARED_NAMES = {
    'any bot': ('.env', 'BOT_TOKEN={alnum:40}\n', GENERIC),
    'a bot of Discord': ('bot.py', 'import discord\n\nBOT_TOKEN = "{alnum:40}"\n', GENERIC),
    'a bot of Telegram': ('.env', 'BOT_TOKEN={digits:10}:A{urlsafe:34}\n', 'telegram-credential'),
    'a bot with the word': ('.env', 'TELEGRAM_BOT_TOKEN={alnum:40}\n', 'telegram-credential'),
    'any token': ('.env', 'AUTH_TOKEN={alnum:36}\n', GENERIC),
    'a channel': ('.env', 'CHANNEL_SECRET={hex:32}\n', GENERIC),
    'a header of Bybit': ('run.sh', 'X-BAPI-API-KEY: {alnum:30}\n', 'bybit-credential'),
}
