"""What another subject or another stem says is another credential, however near it stands."""

from __future__ import annotations

import pytest

from tests.detect.conftest import FindCredentials

_WEBHOOK = 'https://hooks.slack.com/services/T{upper:10}/B{upper:10}/{alnum:24}'
_BOT = 'xoxb-{digits:12}-{digits:13}-{alnum:24}'
PAIR = 'API_KEY={alnum:64}\nAPI_SECRET={alnum:64}\n'

APART = {
    'a database': (f'BINANCE_{PAIR}\n\n\n\nDB_PASS={{pass:14}}\n', [2, 1]),
    'a database beside plain names': (
        f'# binance\n{PAIR}\nDB_PASSWORD={{pass:14}}\nREDIS_PASS={{pass:14}}\n',
        [2, 1, 1],
    ),
    'a database first': (f'# binance\nDB_PASSWORD={{pass:14}}\n{PAIR}', [1, 2]),
    'the passphrase of the live set': (
        '# kucoin\nSANDBOX_API_KEY={hex:24}\nSANDBOX_API_SECRET={uuid}\n'
        'PASS_PHRASE={pass:12}\nAPI_KEY={hex:24}\nAPI_SECRET={uuid}\n',
        [2, 3],
    ),
    'both sets whole': (
        '# kucoin\nAPI_KEY={hex:24}\nAPI_SECRET={uuid}\nPASS_PHRASE={pass:12}\n'
        'SANDBOX_API_KEY={hex:24}\nSANDBOX_API_SECRET={uuid}\nSANDBOX_PASS_PHRASE={pass:12}\n',
        [3, 3],
    ),
    'a token of nobody beside a pair': (f'BINANCE_{PAIR}TOKEN={{alnum:40}}\n', [2, 1]),
    'a token of another': (f'# binance\n{PAIR}BOT_TOKEN={{alnum:40}}\n', [2, 1]),
    'a webhook and a bot': (f'SLACK_WEBHOOK={_WEBHOOK}\nSLACK_BOT_TOKEN={_BOT}\n', [1, 1]),
    'a webhook and a bot in one mapping': (
        f'slack:\n  webhook: {_WEBHOOK}\n  token: {_BOT}\n',
        [1, 1],
    ),
}
TOGETHER = {
    'a set': 'API_KEY={hex:24}\nAPI_SECRET={uuid}\nPASS_PHRASE={pass:12}\n# kucoin\n',
    'the stem of the issuer': 'API_KEY={hex:24}\nAPI_SECRET={uuid}\nKUCOIN_PASSPHRASE={pass:12}\n',
    'the stem of a network': (
        '# kucoin\nSANDBOX_API_KEY={hex:24}\nSANDBOX_API_SECRET={uuid}\n'
        'SANDBOX_PASSPHRASE={pass:12}\n'
    ),
    'a stem at the end': (
        '# kucoin\nAPI_KEY_LIVE={hex:24}\nAPI_SECRET_LIVE={uuid}\nPASSPHRASE_LIVE={pass:12}\n'
    ),
}


@pytest.mark.parametrize('case', APART)
def test_strangers_stay_apart(case: str, credentials: FindCredentials) -> None:
    recipe, sizes = APART[case]
    assert [len(found.parts) for found in credentials(recipe, 'bot.env')] == sizes


@pytest.mark.parametrize('case', TOGETHER)
def test_parts_of_one_set_stay_together(case: str, credentials: FindCredentials) -> None:
    (found,) = credentials(TOGETHER[case], 'bot.env')
    assert [part.role for part in found.parts] == ['api-key', 'secret', 'passphrase']
