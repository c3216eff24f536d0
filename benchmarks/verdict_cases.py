"""Repositories whose verdicts are known, as recipes: what `benchmarks/verdicts.py` builds.

Each tells why its keys are live, for tests, or unknown. Values come from a seed and belong to
nobody.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Credential:
    """What keylint must say of one credential: its issuer's name in the rules, and where it works.

    `in_head` is false for what a later commit removed, which only `publish` sees.
    """

    issuer: str
    environment: str
    in_head: bool = True


@dataclass(frozen=True)
class Case:
    """A repository: one dictionary of files a commit (None deletes), and what must be said."""

    name: str
    language: str
    about: str
    commits: tuple[dict[str, str | None], ...]
    credentials: tuple[Credential, ...]
    verdict: str = 'not publishable'


README = '# A bot\n\nBuys low, sells high.\n'
IGNORED = '.env\n*.sqlite\n'

COMMENTED_SANDBOX = Case(
    'grid-bot',
    'Python',
    'the sandbox switch stands in a comment',
    (
        {'README.md': README, '.gitignore': IGNORED},
        {
            'grid/client.py': """\
import ccxt

exchange = ccxt.binance({{
    'apiKey': '{alnum:64}',
    'secret': '{alnum:64}',
    'enableRateLimit': True,
}})
# exchange.set_sandbox_mode(True)  # uncomment for the testnet


def run(dry_run=True):
    print(exchange.fetch_balance())
"""
        },
    ),
    (Credential('binance', 'unknown'),),
)

TWO_ACCOUNTS = Case(
    'spread-bot',
    'JavaScript',
    'of two accounts one is on the testnet; the other came with the second commit',
    (
        {
            'package.json': '{{"name": "spread-bot", "dependencies": {{"ccxt": "4.4.0"}}}}\n',
            'accounts.json': """\
{{
  "accounts": [
    {{"exchange": "bybit", "testnet": true, "apiKey": "{alnum:18}", "secret": "{alnum:36}"}}
  ]
}}
""",
        },
        {
            'src/second.js': """\
const ccxt = require('ccxt');

const bybit = new ccxt.bybit(require('../accounts.json').accounts[0]);
bybit.setSandboxMode(true);

const binance = new ccxt.binance({{
  apiKey: '{alnum:64}',
  secret: '{alnum:64}',
}});

module.exports = {{ bybit, binance }};
"""
        },
    ),
    (Credential('bybit', 'testnet'), Credential('binance', 'unknown')),
)

TWO_HOSTS = Case(
    'market-maker',
    'Go',
    'the constants of both hosts stand beside the key',
    (
        {'go.mod': 'module example.org/maker\n\ngo 1.22\n'},
        {
            'main.go': """\
package main

const (
	baseURL    = "https://api.binance.com"
	testnetURL = "https://testnet.binance.vision"
)

const (
	binanceAPIKey    = "{alnum:64}"
	binanceAPISecret = "{alnum:64}"
)

func main() {{
	client := newClient(baseURL, binanceAPIKey, binanceAPISecret)
	client.run()
}}
"""
        },
    ),
    (Credential('binance', 'unknown'),),
)

STAGING_FILE = Case(
    'arb-rs',
    'Rust',
    'a staging file: Kraken has no test network for spot keys',
    (
        {'Cargo.toml': '[package]\nname = "arb"\nversion = "0.1.0"\n'},
        {
            'config/staging.toml': """\
environment = "test"
demo = true

[kraken]
api_key = "{base64:42}"
api_secret = "{base64:64}"
"""
        },
    ),
    (Credential('kraken', 'unknown'),),
)

TEST_PROFILE = Case(
    'trader-service',
    'Java',
    'the profile is called test; KuCoin closed its sandbox',
    (
        {'src/main/resources/application.properties': 'spring.profiles.active=test\n'},
        {
            'src/main/resources/application-test.properties': """\
bot.mode=test
bot.paper-trading=true
kucoin.api-key={hex:24}
kucoin.api-secret={uuid}
kucoin.api-passphrase={pass:12}
"""
        },
    ),
    (Credential('kucoin', 'unknown'),),
)

SIMULATING_BOT = Case(
    'SwingBot',
    'C#',
    'the bot simulates, the key does not; removed later, and still in the history',
    (
        {
            'SwingBot/appsettings.Development.json': """\
{{
  "Bot": {{ "Simulate": true, "DryRun": true }},
  "Okx": {{
    "ApiKey": "{uuid}",
    "SecretKey": "{HEX:32}",
    "Passphrase": "{pass:12}"
  }}
}}
"""
        },
        {'README.md': README},
        {'SwingBot/appsettings.Development.json': None},
    ),
    (Credential('okx', 'unknown', in_head=False),),
)

DEFAULT_PARAMETER = Case(
    'signal-bot',
    'PHP',
    'a testnet is the default of a parameter, and of another exchange',
    (
        {
            'src/Exchange.php': """\
<?php

const BINANCE_API_KEY = '{alnum:64}';
const BINANCE_API_SECRET = '{alnum:64}';

function connect(bool $testnet = true): Client
{{
    return new Client(BINANCE_API_KEY, BINANCE_API_SECRET, $testnet);
}}
"""
        },
        {'config/bybit.ini': '[bybit]\ntestnet = true\n'},
    ),
    (Credential('binance', 'unknown'),),
)

RPC_OF_A_TESTNET = Case(
    'sniper',
    'Solidity and TypeScript',
    'the same node key and the same wallet key serve the main network',
    (
        {
            'contracts/Sniper.sol': 'pragma solidity ^0.8.20;\n\ncontract Sniper {{}}\n',
            'hardhat.config.ts': """\
import {{ HardhatUserConfig }} from "hardhat/config";

const config: HardhatUserConfig = {{
  solidity: "0.8.20",
  networks: {{
    sepolia: {{
      url: "https://sepolia.infura.io/v3/{hex:32}",
      accounts: ["0x{evm}"],
    }},
  }},
}};

export default config;
""",
        },
    ),
    (Credential('infura', 'unknown'), Credential('evm-private-key', 'unknown')),
)

TRUE_TESTNETS_NODE = Case(
    'lab-bot',
    'TypeScript',
    'truly on testnets: the switch of the client that gets the key, the form of a paper key',
    (
        {'README.md': README, '.gitignore': IGNORED},
        {
            'src/bybit.ts': """\
import {{ RestClientV5 }} from 'bybit-api';

export const client = new RestClientV5({{
  key: '{alnum:18}',
  secret: '{alnum:36}',
  testnet: true,
}});
""",
            'config/alpaca.yaml': """\
alpaca:
  api_key: PK{upper:18}
  api_secret: {alnum:40}
""",
        },
    ),
    (Credential('bybit', 'testnet'), Credential('alpaca', 'paper')),
    'publishable',
)

TRUE_TESTNETS_PYTHON = Case(
    'course-bot',
    'Python',
    'truly on testnets: the argument of the client, the host of the section; one removed later',
    (
        {
            'bot.py': """\
from binance.client import Client

client = Client('{alnum:64}', '{alnum:64}', testnet=True)
print(client.get_account())
""",
            'bitmex.yaml': """\
bitmex:
  base_url: https://testnet.bitmex.com/api/v1/
  api_key: {urlsafe:24}
  api_secret: {urlsafe:48}
""",
        },
        {'README.md': README, '.gitignore': IGNORED},
        {'bitmex.yaml': None},
    ),
    (Credential('binance', 'testnet'), Credential('bitmex', 'testnet', in_head=False)),
    'publishable',
)

CASES = (
    COMMENTED_SANDBOX,
    TWO_ACCOUNTS,
    TWO_HOSTS,
    STAGING_FILE,
    TEST_PROFILE,
    SIMULATING_BOT,
    DEFAULT_PARAMETER,
    RPC_OF_A_TESTNET,
    TRUE_TESTNETS_NODE,
    TRUE_TESTNETS_PYTHON,
)
