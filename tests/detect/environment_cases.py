"""Texts with keys: what proves nothing of their environment, and what is evidence of it."""

from __future__ import annotations

PAIR = '{alnum:64}'
BYBIT_KEY, BYBIT_SECRET = '{alnum:18}', '{alnum:36}'
OKX = ('{uuid}', '{HEX:32}', 'Pass-{alnum:8}!')

UNKNOWN, TESTNET, LIKELY = 'unknown/unknown', 'testnet/proven', 'testnet/likely'
ENV_PAIR = f'BINANCE_API_KEY={PAIR}\nBINANCE_API_SECRET={PAIR}\n'
PY_PAIR = f"BINANCE_API_KEY = '{PAIR}'\nBINANCE_API_SECRET = '{PAIR}'\n"
CCXT = f"binance = ccxt.binance({{{{'apiKey': '{PAIR}', 'secret': '{PAIR}'}}}})\n"
BYBIT = f"'apiKey': '{BYBIT_KEY}', 'secret': '{BYBIT_SECRET}'"

# What must not make a Binance key a test key: where, and the text.
NOTHING = {
    'no hint at all': ('.env', ENV_PAIR),
    'dry_run of freqtrade': (
        'config.json',
        '{{"dry_run": true, "exchange": {{"name": "binance", "key": "{alnum:64}", "secret": '
        '"{alnum:64}"}}}}',
    ),
    'a demo of the bot': ('.env', f'DEMO=true\n{ENV_PAIR}SIMULATE=true\nPAPER_TRADING=1\n'),
    'a mode of the bot': ('.env', f'MODE=test\nAPI_MODE=TESTNET\nTRADING_MODE=paper\n{ENV_PAIR}'),
    'the stage of the program': ('.env', f'ENVIRONMENT=test\nENV=staging\n{ENV_PAIR}'),
    'practice of the bot': (
        'config.yaml',
        f'binance:\n  practice: true\n  mode: test\n  environment: test\n  api_key: {PAIR}\n'
        f'  api_secret: {PAIR}\n',
    ),
    'a comment in Python': (
        'bot.py',
        f'{CCXT}# binance.set_sandbox_mode(True)  # uncomment for the testnet\n',
    ),
    'a comment above': (
        'bot.py',
        f'# use_testnet = True\n# https://testnet.binance.vision\n{PY_PAIR}',
    ),
    'a comment in JavaScript': (
        'bot.js',
        f'// testnet: true\n/* https://testnet.binance.vision */\n'
        f"const binance = Binance({{{{ apiKey: '{PAIR}', apiSecret: '{PAIR}' }}}});\n",
    ),
    'a comment in YAML': (
        'config.yaml',
        f'binance:\n  # testnet: true\n  api_key: {PAIR}\n  api_secret: {PAIR}\n',
    ),
    'a doc string': (
        'bot.py',
        f'"""Try https://testnet.binance.vision: testnet = True."""\n{PY_PAIR}',
    ),
    'the default of a parameter': (
        'bot.py',
        f'def connect(testnet: bool = True, dry_run=True):\n    return testnet\n\n\n{PY_PAIR}'
        'client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, testnet=testnet)\n',
    ),
    'the default of a parameter in TypeScript': (
        'bot.ts',
        f'function connect(testnet: boolean = true) {{{{ return testnet; }}}}\n'
        f"const apiKey = '{PAIR}';\nconst apiSecret = '{PAIR}'; // binance\n",
    ),
    'a switch that the program decides': (
        'bot.py',
        f'{PY_PAIR}client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, '
        f"testnet=os.getenv('T') == '1')\n",
    ),
    'a sandbox under a condition': (
        'bot.py',
        f'{CCXT}if TESTING:\n    binance.set_sandbox_mode(True)\n',
    ),
    'a sandbox in another function': (
        'bot.py',
        f'{CCXT}\n\ndef rehearse(binance):\n    binance.set_sandbox_mode(True)\n',
    ),
    'the sandbox of another client': (
        'bot.py',
        f'bybit = ccxt.bybit({{{{{BYBIT}}}}})\nbybit.set_sandbox_mode(True)\n\n\n\n{CCXT}',
    ),
    'the sandbox of a client that had the name': (
        'bot.py',
        f'client = ccxt.bybit({{{{{BYBIT}}}}})\nclient.set_sandbox_mode(True)\n'
        f"client = ccxt.binance({{{{'apiKey': '{PAIR}', 'secret': '{PAIR}'}}}})\n",
    ),
    'the switch of another exchange': (
        '.env',
        f'BYBIT_TESTNET=true\nUSE_BYBIT_DEMO=true\n{ENV_PAIR}',
    ),
    'the host of another exchange': ('.env', f'BASE_URL=https://api-testnet.bybit.com\n{ENV_PAIR}'),
    'the account above': (
        'accounts.json',
        '{{"accounts": [{{"exchange": "bybit", "sandbox": true, "apiKey": "{alnum:18}", '
        '"secret": "{alnum:36}"}}, '
        '{{"exchange": "binance", "apiKey": "{alnum:64}", "secret": "{alnum:64}"}}]}}',
    ),
    'an address that is only declared': (
        '.env',
        f'API_MODE=LIVE\nSANDBOX_API_URL=https://testnet.binance.vision\n{ENV_PAIR}',
    ),
    'a mention in prose of a call': (
        'bot.py',
        f"{PY_PAIR}print('set testnet: true for https://testnet.binance.vision')\n",
    ),
    'both ways to build the client': (
        'bot.py',
        f'{PY_PAIR}if REHEARSAL:\n'
        '    client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, testnet=True)\n'
        'else:\n    client = Client(BINANCE_API_KEY, BINANCE_API_SECRET)\n',
    ),
    'one of two hosts that the program takes': (
        'bot.py',
        f"{PY_PAIR}URL = 'https://testnet.binance.vision' if TEST else API_URL\n",
    ),
    'one of two values of an argument': (
        'bot.py',
        f'{PY_PAIR}client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, '
        'testnet=True if TEST else False)\n',
    ),
    'the default of a look-up': (
        'bot.py',
        f'{PY_PAIR}client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, '
        "base_url=os.getenv('URL', 'https://testnet.binance.vision'))\n",
    ),
    'the default of a shell variable': (
        '.env',
        f'BASE_URL=${{{{BASE_URL:-https://testnet.binance.vision}}}}\n{ENV_PAIR}',
    ),
    'a choice in JavaScript': (
        'bot.js',
        "const url = live ? 'https://api.binance.com' : 'https://testnet.binance.vision';\n"
        f"const binance = Binance({{{{ apiKey: '{PAIR}', apiSecret: '{PAIR}', "
        'httpBase: url }});\n',
    ),
    'a call that does not take the key': (
        'bot.py',
        f"{PY_PAIR}prices = requests.get('https://testnet.binance.vision/api/v3/time')\n",
    ),
    'both hosts': (
        'bot.py',
        f"{PY_PAIR}URLS = ['https://testnet.binance.vision', 'https://api.binance.com']\n",
    ),
    'a name of both': (
        '.env',
        f'BINANCE_LIVE_TESTNET_API_KEY={PAIR}\nBINANCE_LIVE_TESTNET_API_SECRET={PAIR}\n',
    ),
    'a word that holds one': (
        '.env',
        f'BINANCE_CONTEST_API_KEY={PAIR}\nBINANCE_CONTEST_API_SECRET={PAIR}\n',
    ),
}

# Keys whose issuers have no test environment that would make them harmless.
NO_TESTS = {
    'AWS': 'AWS_ACCESS_KEY_ID=AKIA{base32:16}\nAWS_SECRET_ACCESS_KEY={base64:40}\n',
    'OpenAI': 'OPENAI_API_KEY=sk-proj-{alnum:64}\n',
    'Telegram': 'TELEGRAM_BOT_TOKEN={digits:10}:AA{alnum:33}\n',
    'wallet': 'WALLET_PRIVATE_KEY=0x{evm}\nTESTNET_PRIVATE_KEY=0x{evm}\n',
    'phrase': 'SEPOLIA_MNEMONIC="{mnemonic:12}"\n',
    'database': 'DATABASE_URL=postgres://bot:{pass:18}@db.internal:5432/trades\n',
    'Infura': 'RPC_URL=https://sepolia.infura.io/v3/{hex:32}\n',
    'Alchemy': 'RPC_URL=https://eth-goerli.g.alchemy.com/v2/{alnum:32}\n',
    'Kraken': 'KRAKEN_TESTNET_API_KEY={base64:56}\nKRAKEN_TESTNET_API_SECRET={base64:86}==\n',
    'KuCoin, whose sandbox is closed': (
        'KUCOIN_SANDBOX_API_KEY={hex:24}\nKUCOIN_SANDBOX_API_SECRET={uuid}\nKUCOIN_SANDBOX=true\n'
    ),
}

OKX_PY = (
    f"api_key = '{OKX[0]}'\nsecret_key = '{OKX[1]}'\npassphrase = '{OKX[2]}'\n"
    '{flag}\nimport okx.Trade as Trade\n'
    'api = Trade.TradeAPI(api_key, secret_key, passphrase, False, flag)\n'
)
# What is evidence: the rule, where, the text, what is claimed, and a part of the proof.
EVIDENCE = {
    'the live host commented out beside the host': (
        'binance',
        'bot.py',
        f"{PY_PAIR}BASE = 'https://testnet.binance.vision'\n# BASE = 'https://api.binance.com'\n",
        LIKELY,
        'host testnet.binance.vision, line 3',
    ),
    'the other switch commented out above the switch': (
        'bybit',
        'accounts.yaml',
        f'bybit:\n  # testnet: false\n  testnet: true\n  api_key: {BYBIT_KEY}\n'
        f'  api_secret: {BYBIT_SECRET}\n',
        LIKELY,
        'setting testnet true, line 3',
    ),
    'the other call commented out below the call': (
        'binance',
        'bot.js',
        "const binance = new ccxt.binance({{ apiKey: '{alnum:64}', secret: '{alnum:64}' }})\n"
        'binance.setSandboxMode(true)\n// binance.setSandboxMode(false)\n',
        LIKELY,
        'call setSandboxMode(true), line 2',
    ),
    'a sentence about the live system beside the switch': (
        'bybit',
        'accounts.yaml',
        'bybit:\n  # the live system is at https://api.bybit.com, with keys of its own\n'
        f'  testnet: true\n  api_key: {BYBIT_KEY}\n  api_secret: {BYBIT_SECRET}\n',
        TESTNET,
        'setting testnet true, line 3',
    ),
    'the other host commented out far away': (
        'binance',
        'bot.py',
        f"{PY_PAIR}BASE = 'https://testnet.binance.vision'\n\n\n\n\n"
        "# BASE = 'https://api.binance.com'\n",
        TESTNET,
        'host testnet.binance.vision, line 3',
    ),
    'the name of the key': (
        'binance',
        '.env',
        f'BINANCE_TESTNET_API_KEY={PAIR}\nBINANCE_TESTNET_API_SECRET={PAIR}\n',
        TESTNET,
        'the word testnet in its name, line 1',
    ),
    'the switch in the mapping': (
        'bybit',
        'accounts.yaml',
        f'bybit:\n  testnet: true\n  api_key: {BYBIT_KEY}\n  api_secret: {BYBIT_SECRET}\n',
        TESTNET,
        'setting testnet true, line 2',
    ),
    'the switch in the section of TOML': (
        'bybit',
        'config.toml',
        f'dry_run = false\n[bybit]\napi_key = "{BYBIT_KEY}"\napi_secret = "{BYBIT_SECRET}"\n'
        f'use_testnet = true\n',
        TESTNET,
        'setting use_testnet true, line 5',
    ),
    'the name of the section': (
        'binance',
        'config.ini',
        f'[binance-testnet]\napi_key = {PAIR}\napi_secret = {PAIR}\n',
        TESTNET,
        'the word testnet in the name of its section',
    ),
    'the host in the mapping': (
        'bybit',
        'config.json',
        '{{"bybit": {{"key": "{alnum:18}", "secret": "{alnum:36}", "url": '
        '"https://api-testnet.bybit.com"}}}}',
        TESTNET,
        'host api-testnet.bybit.com, line 1',
    ),
    'the configuration of ccxt in freqtrade': (
        'binance',
        'config.json',
        '{{"dry_run": false, "exchange": {{"name": "binance", "key": "{alnum:64}", '
        '"secret": "{alnum:64}",\n'
        '"ccxt_config": {{"sandbox": true}}}}}}',
        TESTNET,
        'setting sandbox true, line 2',
    ),
    'the argument of the call': (
        'bybit',
        'bot.py',
        f"session = HTTP(\n    testnet=True,\n    api_key='{BYBIT_KEY}',\n"
        f"    api_secret='{BYBIT_SECRET}',\n)  # pybit\n",
        TESTNET,
        'setting testnet True, line 2',
    ),
    'the demo of the SDK': (
        'bybit',
        'bot.py',
        f'from pybit.unified_trading import HTTP\n'
        f"session = HTTP(api_key='{BYBIT_KEY}', api_secret='{BYBIT_SECRET}', demo=True)\n",
        TESTNET,
        'setting demo True, line 2',
    ),
    'the argument beside the variables': (
        'binance',
        'bot.py',
        f'{PY_PAIR}client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, testnet=True)\n',
        TESTNET,
        'setting testnet True, line 3',
    ),
    'a constant that the call is given': (
        'binance',
        'bot.py',
        f'USE_TESTNET = True\n'
        f'{PY_PAIR}client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, testnet=USE_TESTNET)\n',
        TESTNET,
        'setting',
    ),
    'an address that the call is given': (
        'binance',
        'bot.py',
        "LIVE_URL = 'https://api.binance.com'\nTESTNET_URL = 'https://testnet.binance.vision'\n"
        f'{PY_PAIR}client = Spot(BINANCE_API_KEY, BINANCE_API_SECRET, base_url=TESTNET_URL)\n',
        TESTNET,
        'host testnet.binance.vision, line 2',
    ),
    'the sandbox of its own client': (
        'binance',
        'bot.py',
        f'{CCXT}binance.set_sandbox_mode(True)\n',
        TESTNET,
        'call set_sandbox_mode(true), line 2',
    ),
    'the sandbox of an attribute': (
        'binance',
        'bot.py',
        'class Bot:\n    def __init__(self):\n'
        f"        self.exchange = ccxt.binance({{{{'apiKey': '{PAIR}', 'secret': "
        f"'{PAIR}'}}}})\n"
        '        self.exchange.set_sandbox_mode(enabled=True)\n',
        TESTNET,
        'call set_sandbox_mode(true), line 4',
    ),
    'the client of a compiled module': (
        'binance',
        'service.js',
        f"const baseUrl = 'https://fapi.binance.com/fapi/';\nconst secret = '{PAIR}';\n"
        f"const apiKey = '{PAIR}';\n"
        'const binance = new ccxt_1.default.binance({{ apiKey, secret }});\n'
        'binance.setSandboxMode(true);\n',
        TESTNET,
        'call setSandboxMode(true), line 5',
    ),
    'the client that a module exports': (
        'binance',
        'service.js',
        f"const secret = '{PAIR}';\nconst apiKey = '{PAIR}';\n"
        'exports.client = new ccxt.binance({{ apiKey, secret }});\n'
        'exports.client.setSandboxMode(true);\n',
        TESTNET,
        'call setSandboxMode(true), line 4',
    ),
    'demo trading of ccxt in JavaScript': (
        'bybit',
        'bot.js',
        f"const bybit = new ccxt.bybit({{{{ apiKey: '{BYBIT_KEY}', secret: '{BYBIT_SECRET}' "
        f'}}}});\nbybit.enableDemoTrading(true);\n',
        TESTNET,
        'call enableDemoTrading(true), line 2',
    ),
    'the URLs of ccxt': (
        'binance',
        'bot.py',
        f"{CCXT}binance.urls['api'] = binance.urls['test']\n",
        TESTNET,
        "urls['test'], line 2",
    ),
    'the URL of python-binance': (
        'binance',
        'bot.py',
        f"client = Client('{PAIR}', '{PAIR}')  # binance\n"
        f"client.API_URL = 'https://testnet.binance.vision/api'\n",
        TESTNET,
        'host testnet.binance.vision, line 2',
    ),
    'the option of ccxt': (
        'bitget',
        'bot.py',
        "exchange = ccxt.bitget({{'apiKey': 'bg_{hex:32}', 'secret': '{hex:64}', "
        "'password': '{alnum:12}',\n"
        "    'options': {{'sandboxMode': True}}}})\n",
        TESTNET,
        'setting sandboxMode True, line 2',
    ),
    'the header of Bitget': (
        'bitget',
        'bot.py',
        "headers = {{'ACCESS-KEY': 'bg_{hex:32}', 'paptrading': '1'}}\n",
        TESTNET,
        'setting paptrading 1, line 1',
    ),
    'the flag of python-okx': (
        'okx',
        'bot.py',
        OKX_PY.replace('{flag}', "flag = '1'"),
        TESTNET,
        'setting flag 1, line 4',
    ),
    'the flag of python-okx in a file of variables': (
        'okx',
        '.env',
        f'OKX_API_KEY={OKX[0]}\nOKX_API_SECRET={OKX[1]}\nOKX_PASSPHRASE={OKX[2]}\nOKX_FLAG=1\n',
        TESTNET,
        'setting OKX_FLAG 1, line 4',
    ),
    'the header of OKX': (
        'okx',
        'bot.py',
        f"headers = {{{{'OK-ACCESS-KEY': '{OKX[0]}', 'x-simulated-trading': '1'}}}}\n",
        TESTNET,
        'setting x-simulated-trading 1, line 1',
    ),
    'demoTrading of the SDK for JavaScript': (
        'binance',
        'bot.ts',
        "import {{ MainClient }} from 'binance';\nconst client = new MainClient({{\n"
        f"  api_key: '{PAIR}',\n  api_secret: '{PAIR}',\n  demoTrading: true,\n}}}});\n",
        TESTNET,
        'setting demoTrading true, line 5',
    ),
    'the flag that is live': (
        'okx',
        'bot.py',
        OKX_PY.replace('{flag}', "flag = '0'"),
        'live/proven',
        'setting flag 0',
    ),
    'the switch that is off': (
        'bybit',
        'accounts.yaml',
        f'bybit:\n  testnet: false\n  api_key: {BYBIT_KEY}\n  api_secret: {BYBIT_SECRET}\n',
        'live/proven',
        'setting testnet false, line 2',
    ),
    'practice of OANDA': (
        'oanda',
        '.env',
        'OANDA_API_KEY={hex:32}-{hex:32}\nOANDA_ENVIRONMENT=practice\n',
        TESTNET,
        'setting OANDA_ENVIRONMENT practice, line 2',
    ),
    'the form of a key of Alpaca': (
        'alpaca',
        'bot.py',
        "api = tradeapi.REST('PK{upper:18}', '{alnum:40}', paper=False)  # alpaca\n",
        'paper/proven',
        'the form of the API key',
    ),
    'the host of WOO X': (
        'woox',
        '.env',
        'WOOX_API_KEY={base64:22}==\nWOOX_API_SECRET={upper:28}\n'
        'WOOX_URL=https://api.staging.woox.io\n',
        TESTNET,
        'host api.staging.woox.io, line 3',
    ),
    'the host of Poloniex': (
        'poloniex',
        '.env',
        'POLONIEX_API_KEY={upper:8}-{upper:8}-{upper:8}-{upper:8}\nPOLONIEX_SECRET={hex:128}\n'
        'POLONIEX_URL=https://sand-spot-api-gateway.poloniex.com\n',
        TESTNET,
        'host sand-spot-api-gateway.poloniex.com, line 3',
    ),
    'the host of BingX, where the keys are the same': (
        'bingx',
        '.env',
        'BINGX_API_KEY={alnum:80}\nBINGX_SECRET={alnum:80}\n'
        'BINGX_URL=https://open-api-vst.bingx.com\n',
        LIKELY,
        'host open-api-vst.bingx.com, line 3',
    ),
    'the constant of Hyperliquid': (
        'hyperliquid',
        'bot.py',
        'from hyperliquid.exchange import Exchange\nfrom hyperliquid.utils import constants\n'
        "HYPERLIQUID_PRIVATE_KEY = '0x{evm}'\n"
        'account = Account.from_key(HYPERLIQUID_PRIVATE_KEY)\n'
        'exchange = Exchange(account, constants.TESTNET_API_URL)\n',
        LIKELY,
        'constant TESTNET_API_URL, line 5',
    ),
    'the network of dYdX': (
        'dydx',
        'bot.py',
        "from dydx_v4_client.network import TESTNET\nDYDX_PK = '0x{evm}'\n"
        'node = NodeClient.connect(TESTNET.node)\nwallet = Wallet(node, DYDX_PK)\n',
        LIKELY,
        'constant TESTNET, line 3',
    ),
    'the chain of Polymarket': (
        'polymarket',
        'bot.py',
        'from py_clob_client.client import ClobClient\n'
        'from py_clob_client.constants import AMOY\n'
        "client = ClobClient('https://clob.polymarket.com', key='0x{evm}', chain_id=AMOY)\n",
        LIKELY,
        'AMOY, line 3',
    ),
    'the port of IBKR': (
        'ibkr',
        '.env',
        'IB_PASSWORD={pass:14}\nIB_USER=trader77\nIB_PORT=7497\nIBKR_HOST=127.0.0.1\n',
        'paper/likely',
        '7497, line 3',
    ),
    'a switch of the whole program': (
        'binance',
        '.env',
        f'{ENV_PAIR}USE_TESTNET=true\n',
        LIKELY,
        'setting USE_TESTNET true, line 3',
    ),
    'the switch of the account in a file of variables': (
        'binance',
        '.env',
        f'{ENV_PAIR}BINANCE_USE_TESTNET=true\n',
        TESTNET,
        'setting BINANCE_USE_TESTNET true, line 3',
    ),
    'the name of the file': (
        'binance',
        'private-testnet-config.yml',
        f'binance:\n  api_key: {PAIR}\n  api_secret: {PAIR}\n',
        LIKELY,
        'the word testnet in the name of the file',
    ),
    'the body of a class': (
        'binance',
        'settings.py',
        f"class Binance:\n    API_KEY = '{PAIR}'\n    API_SECRET = '{PAIR}'\n    TESTNET = True\n",
        TESTNET,
        'setting TESTNET True, line 4',
    ),
    'a host in a list': (
        'binance',
        'bot.py',
        f"{PY_PAIR}HOSTS = ['testnet.binance.vision']\n",
        LIKELY,
        'host testnet.binance.vision, line 3',
    ),
    'the default of a field': (
        'binance',
        'settings.py',
        f"class Binance:\n    API_KEY = '{PAIR}'\n    API_SECRET = '{PAIR}'\n"
        '    TESTNET: bool = True\n',
        LIKELY,
        'setting TESTNET True, line 4',
    ),
    'the test words of a web token of Stripe': (
        'stripe',
        '.env',
        'STRIPE_SECRET_KEY=sk_live_{alnum:24}\nSTRIPE_SANDBOX=true\n',
        'live/proven',
        'the form of the API key',
    ),
}
