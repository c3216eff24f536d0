"""Sessions in answers that comments of libraries copy, and keys in comments of bots."""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes

SESSIONS = {
    'an answer with the seconds that it is valid': (
        'pro/bitstamp.py',
        'response = await self.privatePostWebsocketsToken(params)\n#\n# {{\n'
        '#     "valid_sec":60,\n#     "token":"{alnum:32}",\n# }}\n#\n',
    ),
    'an answer behind its call': (
        'bullish.py',
        'response = await self.privateGetV1UsersHmacLogin(params)\n#\n#     {{\n'
        '#         "authorizer": "{hex:32}",\n#         "token": "{alnum:60}"\n#     }}\n',
    ),
    'a message of a server': (
        'src/pro/deribit.js',
        'handle(client, message) {{\n        //\n        //     {{\n'
        "        //         jsonrpc: '2.0',\n        //         result: {{\n"
        "        //           access_token: '{alnum:60}',\n"
        "        //           token_type: 'bearer'\n        //         }}\n        //     }}\n",
    ),
    'an answer in a comment block': (
        'src/pro/kraken.ts',
        '/*\n * coinmarketcap\n * {{\n *   "error": [],\n *   "result": {{\n'
        ' *     "SessionToken": "{uuid}"\n *   }}\n * }}\n */\n',
    ),
}
KEYS = {
    'a pair in an answer': (
        'bot.py',
        '# {{\n#     "success": true,\n#     "apiKey": "{alnum:64}",\n'
        '#     "secretKey": "{alnum:64}"\n# }}\n# binance\n',
    ),
    'a token of an issuer that gives out tokens': (
        'bot.py',
        '# {{\n#     "result": true,\n#     "token": "{digits:10}:A{urlsafe:34}"\n# }}\n',
    ),
    'a token in a commented setting': (
        'bot.js',
        '// const config = {{\n//   "name": "my bot",\n//   "apiToken": "{alnum:60}",\n// }}\n',
    ),
    'a token in an answer that the program holds': (
        'bot.py',
        'response = {{\n    "expires": 900,\n    "token": "{alnum:60}",\n}}\n',
    ),
    'a token behind a comment sign alone': ('bot.py', '# "expires": 900\n# token: "{alnum:60}"\n'),
}


def scan(name: str, recipe: str, confidence: str = 'low') -> list[Finding]:
    blob = Blob(expand_recipes(recipe, 'answers').encode(), Origin(name))
    config = Config(severity='medium', confidence=confidence)
    return list(scan_blob(blob, load_rules(), config).findings)


@pytest.mark.parametrize('case', SESSIONS)
def test_a_session_in_a_commented_answer_is_doubted(case: str) -> None:
    (found,) = scan(*SESSIONS[case])
    assert (found.rule, found.confidence) == ('generic-credential', 'low')
    assert scan(*SESSIONS[case], confidence='medium') == []


@pytest.mark.parametrize('case', KEYS)
def test_other_keys_are_reported(case: str) -> None:
    assert scan(*KEYS[case], confidence='medium') != []
