"""Forms in which keys stand that no row of the table of forms tells by the token before the value.

Each has a mirror image that is as much like it as can be, and holds nothing.
"""

from __future__ import annotations

import json
import re

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

# File, text, whose values it holds and how many, the silent mirror image. `$S` is a value like a
# secret, `$T` a shorter one, `«…»` one by a recipe.
FORMS = {
    'an array of C': (
        'a.c',
        'static const char binance_secret[] = "$S";\n',
        ('binance', 1),
        'static const char binance_tx_hash[] = "$S";\n',
    ),
    'an array of C with its size': (
        'a.ino',
        'char binance_secret[65] = "$S";\n',
        ('binance', 1),
        'char binance_order_id[65] = "$S";\n',
    ),
    'a variable that is compared': (
        'a.py',
        'assert os.getenv("BINANCE_API_SECRET") == "$S"\n',
        ('binance', 1),
        'assert sha256("BINANCE_API_SECRET") == "$S"\n',
    ),
    'a list of keys and values': (
        'a.json',
        '{"id": "binance", "params": [{"k": "apiSecret", "v": "$S"}]}\n',
        ('binance', 1),
        '{"id": "binance", "params": [{"k": "orderId", "v": "$S"}]}\n',
    ),
    'a variable that a shell shows': (
        'session.txt',
        '$ echo $BINANCE_SECRET\n$S\n',
        ('binance', 1),
        '$ echo $BINANCE_TX_HASH\n$S\n',
    ),
    'a pair that comments call so': (
        'a.py',
        'KEYS = (\n    # binance\n    "$S",  # key\n    "$S",  # secret\n)\n',
        ('binance', 2),
        'IDS = (\n    # binance\n    "$S",  # order id\n    "$S",  # tx hash\n)\n',
    ),
    'a fact of Prolog': (
        'a.prolog',
        "binance_secret('$S').\n",
        ('binance', 1),
        "binance_txhash('$S').\n",
    ),
    'the default of a variable of Terraform': (
        'a.tf',
        'variable "binance_api_secret" {\n  type      = string\n  sensitive = true\n'
        '  default   = "$S"\n}\n',
        ('binance', 1),
        'variable "binance_tx_hash" {\n  type      = string\n  sensitive = true\n'
        '  default   = "$S"\n}\n',
    ),
    'a value that is printed by a format': (
        'a.sh',
        'printf \'%s\' "$S" | gcloud secrets create binance-secret --data-file=-\n',
        ('binance', 1),
        'printf \'%s\' "$S" | gcloud pubsub topics publish binance-orders --message=-\n',
    ),
    'the same without quotes': (
        'a.sh',
        'printf %s $S | docker secret create binance_secret -\n',
        ('binance', 1),
        'printf %s $S | docker config create binance_tx_hash -\n',
    ),
    'an export of a manager of passwords': (
        'a.csv',
        'Title,Username,Password\nBinance API,bot,$S\n',
        ('binance', 1),
        'Title,Username,Order\nBinance API,bot,$S\n',
    ),
    'a wallet of Rust from its text': (
        'a.rs',
        'let wallet = LocalWallet::from_str("0x«evm»")?;\n',
        ('evm-private-key', 1),
        'let block = H256::from_str("0x«evm»")?;\n',
    ),
    'a variable that a call sets': (
        'a.go',
        'os.Setenv("KRAKEN_SECRET", "«base64:64»")\n',
        ('kraken', 1),
        'os.Setenv("KRAKEN_TX_HASH", "«base64:64»")\n',
    ),
    'a key behind its value': (
        'a.swift',
        'defaults.set("$S", forKey: "binanceSecret")\n',
        ('binance', 1),
        'defaults.set("$S", forKey: "binanceOrderId")\n',
    ),
    'a header behind its value': (
        'a.swift',
        'request.setValue("$S", forHTTPHeaderField: "X-MBX-APIKEY")\n',
        ('binance', 1),
        'request.setValue("$S", forHTTPHeaderField: "X-Request-Id")\n',
    ),
    'a nowdoc of PHP': (
        'a.php',
        "<?php\n$binanceSecret = <<<'EOT'\n$S\nEOT;\n",
        ('binance', 1),
        "<?php\n$binanceTxHash = <<<'EOT'\n$S\nEOT;\n",
    ),
    'the default of a column': (
        'a.sql',
        "ALTER TABLE users ADD COLUMN binance_secret VARCHAR(64) NOT NULL DEFAULT '$S';\n",
        ('binance', 1),
        "ALTER TABLE users ADD COLUMN commit_hash VARCHAR(64) NOT NULL DEFAULT '$S';\n",
    ),
    'an option within a quoted command': (
        'a.sh',
        'curl "https://api.binance.com/x?s=$(echo -n "$q" | openssl dgst -hmac "$S")"\n',
        ('binance', 1),
        'curl "https://api.binance.com/x?s=$(echo -n "$q" | openssl dgst -out "$S")"\n',
    ),
    'a sentence that goes on': (
        'a.txt',
        'the binance api key is $S and the secret is $S, keep them\n',
        ('binance', 2),
        'the binance order is $S and the commit is $S, keep them\n',
    ),
    'short words without quotes': (
        'a.txt',
        'binance api: $S\nbinance sec: $S\n',
        ('binance', 2),
        'binance txid: $S\nbinance sha: $S\n',
    ),
    'a secret below a key, in passing': (
        'a.txt',
        'binance api key `$S`\nsecret `$S`\n',
        ('binance', 2),
        'binance order id `$S`\ncommit `$S`\n',
    ),
    'literals of reStructuredText': (
        'a.rst',
        ':Binance secret key: ``$S``\n',
        ('binance', 1),
        ':Binance order id: ``$S``\n',
    ),
    'several accounts in one list': (
        'a.py',
        "A = {'a': ('binance', '$S', '$S'), 'b': ('binance', '$S', '$S')}\n",
        ('binance', 4),
        "A = {'a': ('binance', '$T', '$T'), 'b': ('binance', '$T', '$T')}\n",
    ),
    'an attribute of a test': (
        'A.cs',
        '[TestCase("binance", "$S", "$S")]\n',
        ('binance', 2),
        '[TestCase("binance", "$T", "$T")]\n',
    ),
    'a setter of a library': (
        'A.cs',
        'var api = new ExchangeBinanceAPI();\napi.LoadAPIKeysUnsecure("$S", "$S");\n',
        ('binance', 2),
        'var api = new ExchangeBinanceAPI();\napi.LoadOrdersUnsecure("$S", "$S");\n',
    ),
    'a name in one word': (
        'a.py',
        "binancekey = '$S'\nbinancesecret = '$S'\n",
        ('binance', 2),
        "binancetxid = '$S'\nbinancehash = '$S'\n",
    ),
    'a part for each use': (
        'a.yaml',
        'binance:\n  api_secret:\n    live: $S\n    test: $S\n',
        ('binance', 2),
        'binance:\n  tx_hash:\n    live: $S\n    test: $S\n',
    ),
    'a part for each network': (
        'hardhat.config.ts',
        'export default { etherscan: { apiKey: { mainnet: "«upper:34»" } } };\n',
        ('etherscan', 1),
        'export default { etherscan: { explorer: { mainnet: "«upper:34»" } } };\n',
    ),
    'keywords of Clojure': (
        'a.clj',
        '(def binance {:key "$S" :secret "$S"})\n',
        ('binance', 2),
        '(def binance {:txid "$S" :digest "$S"})\n',
    ),
    'a string that is parsed': (
        'a.rs',
        'let wallet = "«evm»".parse::<LocalWallet>()?;\n',
        ('evm-private-key', 1),
        'let hash = "«evm»".parse::<TxHash>()?;\n',
    ),
    'a sum that an account is made of': (
        'a.js',
        "web3.eth.accounts.wallet.add('0x' + '«evm»');\n",
        ('evm-private-key', 1),
        "web3.eth.getTransaction('0x' + '«evm»');\n",
    ),
    'the address of a node in a constant': (
        'a.js',
        "const BASE = 'https://mainnet.infura.io/v3/';\nconst a = 1;\ncall(BASE + '«hex:32»');\n",
        ('infura', 1),
        "const BASE = 'https://example.org/v3/';\nconst a = 1;\ncall(BASE + '«hex:32»');\n",
    ),
    'the same in Go': (
        'a.go',
        'base := "https://eth-mainnet.g.alchemy.com/v2/"\nc, err := Dial(base + "«alnum:32»")\n',
        ('alchemy', 1),
        'base := "https://example.org/v2/"\nc, err := Dial(base + "«alnum:32»")\n',
    ),
    'the address of a node in a format': (
        'a.py',
        'a = "https://mainnet.infura.io/v3/{}".format("«hex:32»")\n',
        ('infura', 1),
        'a = "https://example.org/v3/{}".format("«hex:32»")\n',
    ),
    'the same by a sign': (
        'a.py',
        'a = "https://mainnet.infura.io/v3/%s" % "«hex:32»"\n',
        ('infura', 1),
        'a = "https://example.org/v3/%s" % "«hex:32»"\n',
    ),
    'two values in one string': (
        'a.py',
        "binance_key, binance_secret = '$S $S'.split()\n",
        ('binance', 2),
        "binance_order, binance_hash = '$S $S'.split()\n",
    ),
    'the same by a colon, in JavaScript': (
        'a.js',
        "const [binanceKey, binanceSecret] = '$S:$S'.split(':');\n",
        ('binance', 2),
        "const [binanceOrder, binanceHash] = '$S:$S'.split(':');\n",
    ),
    'two names before a here-string': (
        'a.sh',
        'read -r BINANCE_KEY BINANCE_SECRET <<< "$S $S"\n',
        ('binance', 2),
        'read -r BINANCE_ORDER BINANCE_HASH <<< "$S $S"\n',
    ),
    'options with their values right behind': (
        'a.sh',
        'binance-cli -k"$S" -s"$S"\n',
        ('binance', 2),
        'binance-cli -k"$T" -s"$T"\n',
    ),
    'what an object of C++ is made of': (
        'a.cpp',
        'binance::api api{ctx, "api.binance.com", "443", "$S", "$S", 10000};\n',
        ('binance', 2),
        'binance::api api{ctx, "api.binance.com", "443", "$T", "$T", 10000};\n',
    ),
    'a macro of LaTeX that sets the value': (
        'a.tex',
        'The Binance secret key is \\texttt{$S}.\n',
        ('binance', 1),
        'The Binance order id is \\texttt{$S}.\n',
    ),
    'a macro of LaTeX whose name is one word': (
        'a.tex',
        '\\newcommand{\\binancekey}{$S}\n\\def\\binancesecret{$S}\n',
        ('binance', 2),
        '\\newcommand{\\binanceorder}{$S}\n\\def\\binancehash{$S}\n',
    ),
    'a variable of fish': (
        'a.fish',
        'set -gx BINANCE_SECRET $S\n',
        ('binance', 1),
        'set -gx BINANCE_ORDER $S\n',
    ),
    'a variable of Windows': (
        'a.bat',
        'setx BINANCE_SECRET $S\n',
        ('binance', 1),
        'setx BINANCE_ORDER $S\n',
    ),
    'a variable of csh': (
        'a.csh',
        'setenv BINANCE_SECRET $S\n',
        ('binance', 1),
        'setenv BINANCE_ORDER $S\n',
    ),
    'a property by delegation': (
        'a.gradle.kts',
        'val binanceApiSecret by extra("$S")\n',
        ('binance', 1),
        'val binanceOrderId by extra("$S")\n',
    ),
    'a provider of Angular': (
        'a.ts',
        "providers: [{ provide: 'BINANCE_SECRET', useValue: '$S' }]\n",
        ('binance', 1),
        "providers: [{ provide: 'BINANCE_ORDER', useValue: '$S' }]\n",
    ),
    'what Web Crypto signs with': (
        'a.js',
        "// binance\ncrypto.subtle.importKey('raw', new TextEncoder().encode('$S'), h, false, u)\n",
        ('binance', 1),
        "// binance\ncrypto.subtle.digest('raw', new TextEncoder().encode('$S'), h, false, u)\n",
    ),
}
# Cells of notebooks, of which one names the issuer and another holds its keys.
CELLS = {
    'an import above': (['import krakenex\n', "key = '$K'\nsecret = '$B'\n"], 'kraken'),
    'a title above': (['# Kraken\n', 'x = 1\n', "key = '$K'\nsecret = '$B'\n"], 'kraken'),
    'a client below': (["KEY = '$S'\nSEC = '$S'\n", 'ccxt.binance(c)\n'], 'binance'),
    'the nearer of two': (
        ['import krakenex\n', 'x = 1\n', "key = '$S'\nsecret = '$S'\n", 'ccxt.binance(c)\n'],
        'binance',
    ),
    'one that has other shapes': (['import krakenex\n', "key = '$S'\nsecret = '$S'\n"], None),
}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def make_value(recipe: str, seed: str) -> str:
    return expand_recipes('{' + recipe + '}', seed)


def find_issuers(file: str, text: str, rules: Rules, severity: str) -> list[str | None]:
    """List the issuer of every value that is found."""
    marked = text.replace('$S', '«alnum:64»').replace('$T', '«alnum:7»')
    data = re.sub('«(.+?)»', lambda mark: make_value(mark[1], f'{mark.start()}'), marked)
    result = scan_blob(Blob(data.encode(), Origin(file)), rules, Config(severity=severity))
    return [finding.issuer for finding in result.findings for _ in finding.parts]


def make_notebook(cells: list[str]) -> str:
    made = [
        {'cell_type': 'code', 'metadata': {}, 'outputs': [], 'source': cell.splitlines(True)}
        for cell in cells
    ]
    return json.dumps({'cells': made, 'nbformat': 4, 'metadata': {}}, ensure_ascii=False, indent=1)


@pytest.mark.parametrize('case', CELLS)
def test_another_cell_names_the_issuer(case: str, rules: Rules) -> None:
    cells, issuer = CELLS[case]
    text = make_notebook(cells).replace('$K', '«alnum:56»').replace('$B', '«base64:64»')
    assert find_issuers('a.ipynb', text, rules, 'low') == [issuer] * 2


@pytest.mark.parametrize('form', FORMS)
def test_the_form_is_found_and_named(form: str, rules: Rules) -> None:
    file, text, (issuer, count), _ = FORMS[form]
    assert find_issuers(file, text, rules, 'low') == [issuer] * count


@pytest.mark.parametrize('form', FORMS)
def test_its_mirror_image_is_silent(form: str, rules: Rules) -> None:
    file, _, _, mirror = FORMS[form]
    assert find_issuers(file, mirror, rules, 'medium') == []
