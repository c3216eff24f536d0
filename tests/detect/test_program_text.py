"""In a program only literals and comments hold values; names and formulas hold none."""

from __future__ import annotations

import pytest

from keylint.rules.recipes import expand_recipes
from tests.detect.conftest import FindCredentials

SILENT = {
    'a name as an argument': ('a.ts', 'const s = sign(secret, hmacSHA256Base64);\n'),
    'a comparison': ('a.ts', 'if (password === pwd2ConfirmX9y) throw 1;\n'),
    'a property': ('a.js', 'const x = {{ apiKey: userApiKey2Binance1 }};\n'),
    'a default': ('a.jsx', 'return token || fallbackTok3nValue9X;\n'),
    'a call': ('a.tsx', 'const secret = okxSecret256Payload9(x);\n'),
    'a member': ('a.mjs', 'secret: Base64.encode(hmac256Hex2Value9),\n'),
    'Go': ('a.go', 'c := Client{{Password: pwd2ConfirmX9yZ, Secret: conf2SecretV3Bytes}}\n'),
    'Rust': ('a.rs', 'let password = pwd2_confirm_x9y_z7;\n'),
    'Java': ('A.java', 'this.password = pwd2ConfirmX9yZ;\nsetApiKey(binance2KeyFromEnv9X);\n'),
    'C#': ('A.cs', 'Password = pwd2ConfirmX9yZ;\n'),
    'Python': ('a.py', 'login(password=pwd2ConfirmX9yZ)\n'),
    'minified code behind a regular expression': (
        'a.min.js',
        'x=a.replace(/"/g,b);function k(data,password,pbkdf2Func9,scryptFunc){{return 1}}\n',
    ),
    'the names of a source map': (
        'a.js.map',
        '{{"version":3,"names":["applicationSecretKey","buildWeb3LegacyFetcher"],'
        '"sourcesContent":["f(password: string, pbkdf2Func: T) "]}}\n',
    ),
    'the member of an obfuscated object': ('a.cs', 'Password = {letters:1}{alnum:31}.b7c,\n'),
    'an obfuscated call': ('a.cs', 'new NetworkCredential({letters:1}{alnum:31}(), p)\n'),
    'a formula': ('a.js', 'const secret = ts/1000+method2Path9+body3X\n'),
}
FOUND = {
    'a literal': ('a.ts', 'const password = "{pass:16}";\n'),
    'a template': ('a.ts', 'const h = `Authorization: Bearer {alnum:40}`;\n'),
    'a query in a literal': ('a.js', 'get("https://x.io/?api_secret={alnum:40}")\n'),
    'a comment': ('a.ts', '// secret: {letters:1}{alnum:30}7\n'),
    'a comment of several lines': ('a.go', '/*\n * secret: {letters:1}{alnum:30}7\n */\n'),
    'a comment in Python': ('a.py', '# password = {letters:1}{pass:16}\n'),
    'a document in Python': ('a.py', 'E = """\nSECRET_KEY={letters:1}{alnum:30}7\n"""\n'),
    'a document in Java': ('A.java', 'String e = """\n  SECRET_KEY={alnum:31}7\n""";\n'),
    'a document in Rust': ('a.rs', 'let e = r#"\nSECRET_KEY="{alnum:31}7"\nPASSWORD=x\n"#;\n'),
    'a document in Go': ('a.go', 'e := `\nSECRET_KEY={alnum:31}7\n`\n'),
    'a literal in a source map': (
        'a.js.map',
        '{{"version":3,"names":[],"sourcesContent":["const apiSecret = \\"{alnum:40}\\";"]}}\n',
    ),
    'a number': ('a.py', 'private_key = 0x{evm}\n'),
    'a value without its quotes': ('a.py', 'API_SECRET = {letters:1}{alnum:63}\n'),
    'a quote in a regular expression': ('a.js', 'const r = /`/; const secret = "{alnum:40}";\n'),
    'a shell, whose words need no quotes': ('a.sh', 'PASSWORD=p{pass:16}\n'),
}


@pytest.mark.parametrize('case', SILENT)
def test_names_are_no_values(case: str, credentials: FindCredentials) -> None:
    path, recipe = SILENT[case]
    assert credentials(recipe, path) == []


def test_a_name_that_stands_elsewhere_is_no_value(credentials: FindCredentials) -> None:
    name = expand_recipes('{letters:1}{alnum:31}', 'obfuscated')
    lines = f'void f(String {name}) {{{{ this.password = {name}; }}}}\n'
    assert credentials(lines, 'A.java') == []
    assert len(credentials(f'this.password = {name};\n', 'A.java')) == 1


def test_a_value_that_stands_twice_is_no_name(credentials: FindCredentials) -> None:
    """Lines of an environment in the middle of a program, once more further down."""
    leak = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'twice')
    filler = ''.join(f'# nothing in line {number}\n' for number in range(20))
    assert len(credentials(leak + filler, 'bot.py')) == 1
    assert len(credentials(leak + filler + leak, 'bot.py')) >= 1


def test_a_name_is_no_token_of_a_vendor(credentials: FindCredentials) -> None:
    """Artifactory's tokens are as short as the names of an obfuscated program."""
    name = expand_recipes('AP5a{alnum:9}', 'artifactory')
    assert credentials(f'private XColor {name};\n', 'A.cs') == []
    assert credentials(f'row = "{name}";\n', 'A.cs') == []
    assert len(credentials(f'artifactory_token = "{name}";\n', 'A.cs')) == 1


@pytest.mark.parametrize('case', FOUND)
def test_literals_and_comments_hold_values(case: str, credentials: FindCredentials) -> None:
    path, recipe = FOUND[case]
    assert len(credentials(recipe, path)) == 1
