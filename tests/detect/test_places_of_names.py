"""Where the name of a value stands apart from it, or is said in few words."""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

KEY, SECRET = expand_recipes('{alnum:64}', 'places/key'), expand_recipes('{alnum:64}', 'places')
NODE = expand_recipes('{hex:32}', 'places/node')

# `$K` and `$S` stand for a key and a secret of Binance, `$N` for the key of a node.
PLACES = {
    'labels of one word': ('keys.txt', 'Binance\n\nKey\n$K\nSecret\n$S\n'),
    'columns of blanks': ('a.txt', 'key      $K\nsecret   $S\nexchange binance\n'),
    'short names, the secret first': ('a.py', '# binance\nsec = "$S"\nkey = "$K"\n'),
    'a store': ('a.redis', 'SET binance:key "$K"\nSET binance:secret "$S"\n'),
    'a store from the shell': ('a.sh', 'redis-cli SET binance:secret $S\n'),
    'a field of a window': ('a.py', 'entry_api_secret.insert(0, "$S")\n'),
    'a field named after what it is': ('a.py', 'secret_box.setText("$S")\n'),
    'a field of a page': ('a.js', 'document.getElementById("apiSecret").value = "$S";\n'),
    'a field that is found': ('a.py', 'driver.find_element(By.ID, "api_secret").send_keys("$S")\n'),
    'a selector': ('a.js', 'await page.type("input[name=apiSecret]", "$S")\n'),
    'a selector of an id': ('a.py', 'page.fill("#apiSecret", "$S")\n'),
    'a row without names': ('a.sql', "INSERT INTO keys VALUES ('binance', '$K', '$S');\n"),
    'a dash, a name of two words': ('a.txt', 'Binance US - $K - $S\n'),
    'a class above its constructor': (
        'a.ts',
        "class BinanceLive extends Exchange {\n  constructor() {\n    super('$K', '$S');\n  }\n}\n",
    ),
    'the call that takes them': ('a.py', 'api="$K"; sec="$S"\nex = binance(api, sec)\n'),
    'an owner with a long name': ('a.py', 'my_very_long_client.set_api_secret("$S")\n'),
}
NODES = {
    'in a formatted string': 'p = "$N"\nurl = f"https://mainnet.infura.io/v3/{p}"\n',
    'in a template': 'const p = "$N";\nconst url = `https://mainnet.infura.io/v3/${p}`;\n',
    'percent-encoded': 'https%3A%2F%2Fmainnet.infura.io%2Fv3%2F$N\n',
}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def find_values(name: str, text: str, rules: Rules) -> list[str]:
    text = text.replace('$K', KEY).replace('$S', SECRET).replace('$N', NODE)
    result = scan_blob(Blob(text.encode(), Origin(name)), rules, Config(show_secrets=True))
    assert result.failures == ()
    return [part.value or '' for finding in result.findings for part in finding.parts]


@pytest.mark.parametrize('case', PLACES)
def test_the_secret_is_found(case: str, rules: Rules) -> None:
    name, text = PLACES[case]
    assert SECRET in find_values(name, text, rules)


@pytest.mark.parametrize('case', PLACES)
def test_without_a_value_all_is_silent(case: str, rules: Rules) -> None:
    name, text = PLACES[case]
    filled = text.replace('$K', 'your_api_key').replace('$S', 'your_api_secret')
    assert find_values(name, filled, rules) == []


@pytest.mark.parametrize('case', NODES)
def test_the_key_of_a_node_is_found(case: str, rules: Rules) -> None:
    assert [NODE in value for value in find_values('a.py', NODES[case], rules)] == [True]


def test_a_key_before_a_phrase_is_no_word_of_it(rules: Rules) -> None:
    phrase = expand_recipes('{mnemonic:12}', 'places/phrase')
    text = f'cfg.set("wallet", "seed_phrase", \'{phrase}\')\n'
    assert find_values('a.py', text, rules) == [phrase]


def test_values_of_a_chain_beside_an_exchange_are_no_pair(rules: Rules) -> None:
    text = expand_recipes("INSERT INTO txs VALUES ('binance', '0x{hex:64}', '0x{hex:64}');\n", 'tx')
    assert find_values('a.sql', text, rules) == []
