"""Values in the forms that people write them in.

The secret is found and its issuer named, whatever the language.

`$K` and `$S` stand for key and secret (`$K1$K2` for halves), `$x`, `$X`, `$U` for the exchange in
lower, capitalised and upper case.
"""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

EXCHANGES = {
    'binance': ('{alnum:64}', '{alnum:64}'),
    'kraken': ('{base64:42}', '{base64:64}'),
    'kucoin': ('{hex:24}', '{uuid}'),
    'bybit': ('{alnum:18}', '{alnum:36}'),
    'gate': ('{hex:32}', '{hex:64}'),
}

CARRIERS = {
    'xml': (
        'config.xml',
        '<config><exchange>$X</exchange><apiKey>$K</apiKey><apiSecret>$S</apiSecret></config>',
    ),
    'xmlattr': (
        'app.config',
        (
            '<appSettings>\n<add key="$XApiKey" value="$K"/>\n'
            '<add key="$XApiSecret" value="$S"/>\n</appSettings>'
        ),
    ),
    'yamlblock': ('c.yaml', 'exchange: $X\napi_key: |\n  $K\napi_secret: >-\n  $S\n'),
    'java': ('Bot.java', '// $X client\nclient.setApiKey("$K");\nclient.setSecretKey("$S");'),
    'java2': (
        'Bot.java',
        (
            'public static final String $U_API_KEY = "$K";\n'
            'private static final String $U_SECRET = "$S";'
        ),
    ),
    'kotlin': ('B.kt', 'val $xApiKey: String = "$K"\nval $xSecret: String = "$S"'),
    'rust': ('b.rs', 'const $U_API_KEY: &str = "$K";\nconst $U_API_SECRET: &str = "$S";'),
    'csharp': (
        'B.cs',
        (
            'public string ApiKey { get; set; } = "$K"; // $X\n'
            'public string ApiSecret { get; set; } = "$S";'
        ),
    ),
    'php': ('b.php', "<?php\ndefine('$U_KEY', '$K');\ndefine('$U_SECRET', '$S');"),
    'phparr': ('b.php', "<?php\nreturn ['$x' => ['apiKey' => '$K', 'secret' => '$S']];"),
    'phpvar': ('b.php', "<?php // $X\n$apiKey = '$K';\n$apiSecret = '$S';"),
    'ruby': ('b.rb', "$X = Client.new(api_key: '$K', :secret_key => '$S')"),
    'lua': ('b.lua', 'local $x = { key = "$K", secret = "$S" }'),
    'elixir': ('config.exs', 'config :bot, :$x,\n  api_key: "$K",\n  api_secret: "$S"'),
    'nix': ('flake.nix', '$x = { apiKey = "$K"; apiSecret = "$S"; };'),
    'docker': ('Dockerfile', 'FROM python\nENV $U_API_KEY $K\nENV $U_API_SECRET=$S\n'),
    'dockerarg': ('Dockerfile', 'ARG $U_API_KEY=$K\nARG $U_SECRET_KEY=$S'),
    'make': ('Makefile', 'export $U_API_KEY := $K\n$U_API_SECRET ?= $S\n'),
    'systemd': (
        'bot.service',
        '[Service]\nEnvironment="$U_API_KEY=$K"\nEnvironment=$U_API_SECRET=$S\n',
    ),
    'ps1': ('run.ps1', '$env:$U_API_KEY = "$K"\n$env:$U_API_SECRET = "$S"'),
    'bat': ('run.bat', 'set $U_API_KEY=$K\nset $U_API_SECRET=$S\n'),
    'fish': ('c.fish', 'set -x $U_API_KEY $K\nset -gx $U_API_SECRET "$S"'),
    'gha': ('ci.yml', 'jobs:\n  a:\n    env:\n      $U_API_KEY: $K\n      $U_API_SECRET: $S\n'),
    'jsonpair': (
        'task.json',
        '[{"name": "$U_API_KEY", "value": "$K"}, {"name": "$U_API_SECRET", "value": "$S"}]',
    ),
    'jsonpairml': (
        'task.json',
        (
            '[\n {\n  "name": "$U_API_KEY",\n  "value": "$K"\n },\n {\n'
            '  "name": "$U_API_SECRET",\n  "value": "$S"\n }\n]'
        ),
    ),
    'k8senv': (
        'dep.yaml',
        'env:\n- name: $U_API_KEY\n  value: "$K"\n- name: $U_API_SECRET\n  value: "$S"\n',
    ),
    'k8sstring': (
        's.yaml',
        'kind: Secret\nmetadata:\n  name: $x\nstringData:\n  api-key: $K\n  api-secret: $S\n',
    ),
    'postman': (
        'p.json',
        (
            '{"values":[{"key":"$x_api_key","value":"$K","enabled":true},'
            '{"key":"$x_api_secret","value":"$S"}]}'
        ),
    ),
    'tf': (
        'main.tf',
        (
            'variable "$x_api_key" {\n  default = "$K"\n}\nvariable "$x_api_secret" {\n'
            '  type = string\n  default = "$S"\n}'
        ),
    ),
    'tfvars': ('t.tfvars', '$x_api_key = "$K"\n$x_api_secret = "$S"\n'),
    'sql': (
        'd.sql',
        "INSERT INTO api_keys (exchange, api_key, api_secret) VALUES ('$x', '$K', '$S');",
    ),
    'mdtable': ('R.md', '| exchange | api key | secret |\n|---|---|---|\n| $X | $K | $S |\n'),
    'mdlist': ('R.md', '# $X\n- API Key: `$K`\n- Secret Key: `$S`\n'),
    'prose': ('notes.txt', 'My $X api key is $K and the secret key is $S ok?'),
    'prose2': ('notes.txt', '$X\nkey: $K\nsecret: $S\n'),
    'prose3': ('notes.txt', '$X account\nAPI Key\n$K\nSecret Key\n$S\n'),
    'chat': (
        'chat.md',
        '> bob: who has the $X keys?\n> eve: the API key is `$K` and secret is `$S`\n',
    ),
    'export': (
        'messages.json',
        '[{"user": "U1", "text": "the $X account\\nkey: $K\\nsecret: $S"}]',
    ),
    'actions': (
        'secrets.sh',
        'gh secret set $U_KEY --body "$K"\ngh secret set $U_SECRET --body "$S"\n',
    ),
    'gooptions': (
        'b.go',
        'svc := $x.NewApiService(\n\t$x.ApiKeyOption("$K"),\n\t$x.ApiSecretOption("$S"),\n)\n',
    ),
    'cli': ('run.sh', 'python bot.py --exchange $x --api-key $K --api-secret $S'),
    'inline': ('run.sh', '$U_API_KEY=$K $U_API_SECRET=$S python bot.py'),
    'header': ('r.http', 'GET https://api.$x.com/v1\nX-API-KEY: $K\nX-API-SECRET: $S\n'),
    'pyattr': ('b.py', 'import ccxt\nex = ccxt.$x()\nex.apiKey = "$K"\nex.secret = "$S"\n'),
    'pysetattr': (
        'b.py',
        'import ccxt\nex = ccxt.$x()\nsetattr(ex, "apiKey", "$K")\nsetattr(ex, "secret", "$S")\n',
    ),
    'pytuple': ('b.py', '# $x\napi_key, api_secret = "$K", "$S"\n'),
    'pydefault': ('b.py', '# $x\ndef connect(api_key="$K", api_secret: str = "$S"):\n    pass\n'),
    'pyargparse': (
        'b.py',
        (
            '# $x\np.add_argument("--api-key", default="$K")\n'
            'p.add_argument("--api-secret", default="$S")\n'
        ),
    ),
    'pysub': ('b.py', 'cfg["$x"]["key"] = "$K"\ncfg["$x"]["secret"] = "$S"\n'),
    'pyparen': ('b.py', '$U_API_KEY = (\n    "$K"\n)\n$U_API_SECRET = (\n  "$S"\n)\n'),
    'pybytes': ('b.py', '# $x\nAPI_KEY = b"$K"\nAPI_SECRET = b"$S"\n'),
    'pycomment': ('b.py', '# $x key=$K\n# secret=$S\napi_key = os.environ["K"]\n'),
    'pyclass': ('b.py', 'class $X:\n    API_KEY = "$K"\n    _secret = "$S"\n'),
    'pyor': (
        'b.py',
        '$x_key = os.environ.get("KEY") or "$K"\n$x_secret = os.getenv("S") or "$S"\n',
    ),
    'pysplit': ('b.py', '$U_API_KEY = ("$K1"\n    "$K2")\n$U_API_SECRET = "$S1" \\\n    "$S2"\n'),
    'jsor': (
        'b.js',
        'const $xKey = process.env.KEY || "$K";\nconst $xSecret = process.env.SECRET ?? "$S";',
    ),
    'jsobj': ('b.js', 'module.exports = { $x: { key: "$K", secret: "$S" } };'),
    'jsnew': ('b.js', 'const ex = new ccxt.$x({ apiKey: "$K", secret: "$S" });'),
    'jstmpl': ('b.js', 'const $xKey = `$K`; const $xSecret = `$S`;'),
    'gostruct': ('b.go', 'c := $x.Config{\n\tAPIKey:    "$K",\n\tSecretKey: "$S",\n}'),
    'goassign': ('b.go', '$xKey := "$K"\n$xSecret := "$S"\n'),
    'swift': ('b.swift', 'let $xApiKey = "$K"\nlet $xApiSecret: String = "$S"\n'),
    'cpp': ('b.h', 'static const std::string $x_api_key = "$K";\n#define $U_SECRET "$S"\n'),
    'nbml': (
        'n.ipynb',
        (
            '{"cells":[{"cell_type":"code","source":["import ccxt\\n","ex = ccxt.$x({\\n","  '
            '\\"apiKey\\": \\"$K\\",\\n","  \\"secret\\": '
            '\\"$S\\"})"],"outputs":[],"metadata":{}}],"nbformat":4}'
        ),
    ),
    'nbstr': (
        'n.ipynb',
        (
            '{"cells":[{"cell_type":"code","source":"$x_key = \\"$K\\"\\n$x_secret = '
            '\'$S\'","outputs":[],"metadata":{}}],"nbformat":4}'
        ),
    ),
    'nbhtml': (
        'n.ipynb',
        (
            '{"cells":[{"cell_type":"code","source":[],"outputs":[{"data":{"text/html":["<tr>'
            '<td>$x api_key</td><td>$K</td></tr>\\n","<tr><td>secret</td><td>$S</td></tr>"]},'
            '"output_type":"display_data"}],"metadata":{}}],"nbformat":4}'
        ),
    ),
    'diff': ('a.patch', '+++ b/x.py\n+$U_API_KEY = "$K"\n-$U_API_SECRET = "$S"\n'),
    'jsonstr': (
        'a.json',
        '{"cfg": "{\\"exchange\\": \\"$x\\", \\"apiKey\\": \\"$K\\", \\"secret\\": \\"$S\\"}"}',
    ),
    'propdot': ('a.properties', '$x.api.key=$K\n$x.api.secret=$S\n'),
    'inisec': ('a.cfg', '[$x]\nkey = $K\nsecret = $S\n'),
    'toml2': ('a.toml', '[exchanges.$x]\nkey = "$K"\nsecret = \'$S\'\n'),
    'csv2': ('k.csv', 'Exchange;API Key;API Secret;Label\n$X;$K;$S;main\n'),
    'tsv': ('k.tsv', 'exchange\tapi_key\tapi_secret\n$x\t$K\t$S\n'),
    'log': ('b.log', "2024-01-01 INFO config={'exchange': '$x', 'apiKey': '$K', 'secret': '$S'}"),
    'log2': ('b.log', 'DEBUG $x connect api_key: $K, api_secret: $S'),
    'url': ('u.txt', 'https://$K:$S@api.$x.com/v1'),
    'vscode': ('launch.json', '{ "env": { "$U_API_KEY": "$K", "$U_API_SECRET": "$S", }, }'),
    'freqtrade': (
        'config.json',
        (
            '{"dry_run": false, "exchange": {"name": "$x", "key": "$K", "secret": "$S", '
            '"ccxt_config": {}}}'
        ),
    ),
    'twoline': ('$x.key', '$K\n$S\n'),
    'html': ('x.html', '<input name="apiKey" value="$K"><input name="apiSecret" value="$S"> $x'),
    'plist': (
        'x.plist',
        '<key>$xApiKey</key>\n<string>$K</string>\n<key>$xApiSecret</key>\n<string>$S</string>',
    ),
    'r': ('x.R', 'Sys.setenv($U_API_KEY = "$K", $U_API_SECRET = "$S")'),
    'objc': ('x.m', 'NSString *$xApiKey = @"$K";\nNSString *$xApiSecret = @"$S";'),
    'dart': ('x.dart', "const $xApiKey = '$K';\nfinal String $xApiSecret = '$S';"),
    'scala': ('x.scala', 'val $xApiKey = "$K"\nval $xApiSecret = "$S"'),
    'vb': ('x.vb', 'Dim $xApiKey As String = "$K"\nDim $xApiSecret As String = "$S"'),
    'perl': ('x.pl', 'my $$x_key = "$K";\nmy $$x_secret = "$S";'),
    'hjson': ('x.hjson', '{\n  $x: {\n    key: $K\n    secret: $S\n  }\n}'),
    'sphinx': (
        'x.rst',
        '.. code:: python\n\n   exchange = ccxt.$x({"apiKey": "$K", "secret": "$S"})\n',
    ),
    'curlu': ('x.sh', 'curl -u "$K:$S" https://api.$x.com/v1/orders'),
    'helm': ('values.yaml', '$x:\n  credentials:\n    apiKey: $K\n    apiSecret: "$S"\n'),
    'compose-list': (
        'docker-compose.yml',
        'services:\n  b:\n    environment:\n      - $U_API_KEY=$K\n      - $U_API_SECRET=$S\n',
    ),
    'graphql': (
        'x.graphql',
        'mutation { addKey(exchange: "$x", apiKey: "$K", secret: "$S") { id } }',
    ),
    'pair': ('keys.py', '# $X\n$x_keys = ("$K", "$S")\n'),
    'pairauth': ('t.py', 'requests.get("https://api.$x.com/v1", auth=("$K", "$S"))\n'),
    'goraw': ('main.go', 'var $xKey, $xSecret = `$K`, `$S`\n'),
    'rustcall': (
        'b.rs',
        'use $x::api::*;\nlet account: Account = $X::new(Some("$K".into()), Some("$S".into()));\n',
    ),
    'rustargs': ('b.rs', 'let client = $XClient::new("$K".to_string(), String::from("$S"));\n'),
    'rustenv': (
        'b.rs',
        (
            'env::set_var("$U_API_KEY", "$K");\n'
            'let s = env::var("$U_SECRET").unwrap_or("$S".into());\n'
        ),
    ),
    'options': ('run.sh', 'python bot.py --exchange $x --key $K --secret $S\n'),
    'arrow': ('n.md', '$X API\nkey \N{RIGHTWARDS ARROW} $K\nsecret \N{RIGHTWARDS ARROW} $S\n'),
    'edn': ('c.edn', '{:$x {:api-key "$K" :secret "$S"}}\n'),
    'rawbytes': ('c.py', '$U_KEY = b"$K"\n$U_SECRET = rb"$S"\n'),
    'anchors': (
        'c.yaml',
        (
            'keys:\n- &$x_key "$K"\n- &$x_secret "$S"\nbot:\n  exchange: $x\n  key: *$x_key\n'
            '  secret: *$x_secret\n'
        ),
    ),
    'tagged': ('c.yaml', '$x:\n  api_key: !!str "$K"\n  api_secret: !vault-not &s \'$S\'\n'),
}

# A slash in a password must be percent-encoded in an address, so a Kraken secret cannot stand there
# as it is.
IMPOSSIBLE = {('kraken', 'url'), ('kraken', 'curlu')}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def filled(template: str, exchange: str, key: str, secret: str) -> str:
    halves = {
        '$K1': key[: len(key) // 2],
        '$K2': key[len(key) // 2 :],
        '$S1': secret[: len(secret) // 2],
        '$S2': secret[len(secret) // 2 :],
    }
    words = {
        '$K': key,
        '$S': secret,
        '$U': exchange.upper(),
        '$X': exchange.capitalize(),
        '$x': exchange,
    }
    for mark, text in (halves | words).items():
        template = template.replace(mark, text)
    return template


@pytest.mark.parametrize('exchange', EXCHANGES)
@pytest.mark.parametrize('carrier', CARRIERS)
def test_found_and_named(carrier: str, exchange: str, rules: Rules) -> None:
    if (exchange, carrier) in IMPOSSIBLE:
        pytest.skip('not a form that this value can take')
    key, secret = (
        expand_recipes(recipe, f'{exchange}/{carrier}/{n}')
        for n, recipe in enumerate(EXCHANGES[exchange])
    )
    name, template = CARRIERS[carrier]
    text = filled(template, exchange, key, secret)
    result = scan_blob(
        Blob(text.encode(), Origin(filled(name, exchange, key, secret))),
        rules,
        Config(show_secrets=True),
    )
    assert result.failures == ()
    values = {part.value: finding.issuer for finding in result.findings for part in finding.parts}
    assert values.get(secret) == exchange


def test_the_same_forms_without_values_are_silent(rules: Rules) -> None:
    for name, template in CARRIERS.values():
        text = filled(template, 'binance', 'your_binance_api_key', 'your_binance_api_secret')
        result = scan_blob(
            Blob(text.encode(), Origin(filled(name, 'binance', '', ''))), rules, Config()
        )
        assert [finding.rule for finding in result.findings] == [], text


# What has the form of a credential and is none.
NOTHING = {
    'a host behind an empty string': (
        'a.py',
        'headers = {{"CG-API-KEY": ""}}  # open-api-v4.coinglass.com\n',
    ),
    'a hash under a name that one vendor uses': (
        'a.log',
        'GET https://api.example.org/offer API-Hash: {hex:128}\n',
    ),
    'a user who is no key': ('a.json', '{{"live": {{"user": "bybit_01"}}}}\n'),
    'a class of a style sheet': (
        'a.css',
        '.group-hover\\/user\\:scale-115:is(:where(.group\\/user):hover *){{color:red}}\n',
    ),
    'the id of what is fetched': (
        'a.py',
        'import coinbase\nsession = get_backtest_session("{uuid}")\n',
    ),
    'a choice in a regular expression': (
        'a.js',
        'x=/N(umberOfPasswordPrompts)|P(KCS11Provider|asswordAuthentication)/;\n',
    ),
    'a masked key': ('a.py', "x = {{'api_key': '{alnum:5}XXX_{alnum:4}XXX{alnum:6}'}}\n"),
    'zeros': ('.env', 'S3_SECRET_KEY=s3secrettest0000000000000000000000000000\n'),
    'a primary key': ('a.xml', '<object pk="{hex:32}" model="sessions.session">\n'),
    'a statement': ('a.py', 'class A:\n    pass\nPBKDF2PARAM_st._fields_ = []\n'),
    'the name of a later argument': (
        'a.py',
        'def open(self, pwd=None, *, force_zip64=False): ...\n',
    ),
    'a password that is only checked': ('a.py', "validate_password('django4242')\n"),
}


@pytest.mark.parametrize('case', NOTHING)
def test_what_is_nothing(case: str, rules: Rules) -> None:
    name, text = NOTHING[case]
    result = scan_blob(Blob(expand_recipes(text, case).encode(), Origin(name)), rules, Config())
    assert result.failures == ()
    assert [finding.rule for finding in result.findings] == []


def test_options_of_other_commands_are_silent(rules: Rules) -> None:
    text = (
        'gpg --recv-keys {HEX:40}\nopenssl req --key server.key --hash {hex:64}\n'
        'cosign verify --key cosign.pub img@sha256:{hex:64}\n'
    )
    result = scan_blob(
        Blob(expand_recipes(text, 'options').encode(), Origin('run.sh')), rules, Config()
    )
    assert result.findings == ()


def test_one_line_is_as_long_as_its_bytes(rules: Rules) -> None:
    """In a search index of one line, what stands thousands of characters apart is unrelated.

    It is no credential, and what is named there far away is no issuer.
    """
    key, secret = expand_recipes('{hex:24}', 'far/key'), expand_recipes('{uuid}', 'far/secret')
    words = ' '.join(['trades are made while the market moves'] * 400)
    far = (
        f'{{"text": "kucoin {words} apiKey: {key} {words} passphrase and secret: {secret} '
        f'{words}"}}'
    )
    near = f'{{"text": "{words} kucoin apiKey: {key} secret: {secret} {words}"}}'
    found = [
        scan_blob(Blob(text.encode(), Origin('index.json')), rules, Config()).findings
        for text in (far, near)
    ]
    assert all(len(finding.parts) == 1 and finding.issuer is None for finding in found[0])
    assert [(finding.issuer, len(finding.parts)) for finding in found[1]] == [('kucoin', 2)]


def test_a_key_of_a_stream_is_no_credential(rules: Rules) -> None:
    text = expand_recipes('2026-01-01 binance stream opened, listenKey={alnum:64}\n', 'listen')
    assert (
        scan_blob(
            Blob(text.encode(), Origin('bot.log')), rules, Config(severity='info', confidence='low')
        ).findings
        == ()
    )
