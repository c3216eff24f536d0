"""Which code speaks for which declared key: references, variables and the files that use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.core.model import DeclarationRecord
from keylint.policies.code_permissions import read_code_permissions
from keylint.policies.code_policies import check_code
from keylint.policies.key_needs import find_need, name_key, split_need
from keylint.rules.load import load_rules
from tests.conftest import Run
from tests.policies.declared import record

BOT = (
    'import os, ccxt\n'
    'x = ccxt.kraken({"apiKey": os.environ["BOT_KEY"], "secret": os.environ["BOT_SECRET"]})\n'
    'x.create_order("A", "limit", "buy", 1, 2)\n'
)
SWEEP = BOT.replace('BOT_', 'SWEEP_').replace('create_order("A", "limit"', 'transfer("A", 1, "a"')
PLAIN = (
    'import ccxt\nfrom settings import key, secret\n'
    'x = ccxt.kraken({"apiKey": key, "secret": secret})\nx.create_order("A")\n'
)
INDIRECT = (
    'import os, ccxt\nKEY = os.getenv("BOT_KEY")\n\ndef load():\n'
    '    secret = os.environ.get("BOT_SECRET")\n'
    '    return ccxt.kraken({"apiKey": KEY, "secret": secret})\n\nx = load()\nx.create_order("A")\n'
)


def key(
    label: str, reference: str = '', used_by: tuple[str, ...] = (), **fields: Any
) -> DeclarationRecord:
    permissions = ('read', 'trade', 'transfer')
    said: dict[str, Any] = {'label': label, 'secret_ref': reference, 'used_by': used_by, **fields}
    return record(permissions=permissions, **said)


def levels(files: dict[str, str], *records: DeclarationRecord) -> list[str | None]:
    """Return what is needed of each key."""
    needs = read_code_permissions(
        list(files), lambda path: files[path].encode(), load_rules().pack
    ).needs
    found = [find_need(one, records, needs) for one in records]
    return [None if need is None else ' '.join(need.permissions) for need in found]


BOTH = {'bot.py': BOT, 'sweep.py': SWEEP}


@pytest.mark.parametrize(
    ('files', 'records', 'want'),
    [
        pytest.param(
            BOTH,
            [key('grid', 'env:BOT_SECRET'), key('sweeper', 'env:SWEEP_SECRET')],
            ['trade', 'transfer'],
            id='variables',
        ),
        pytest.param(
            BOTH,
            [key('grid', 'env:BOT_KEY'), key('sweeper', '${SWEEP_SECRET}')],
            ['trade', 'transfer'],
            id='variables by other names',
        ),
        pytest.param(
            BOTH,
            [key('grid', used_by=('bot.py',)), key('sweeper', used_by=('sweep.py',))],
            ['trade', 'transfer'],
            id='files',
        ),
        pytest.param(
            {'grid/bot.py': BOT, 'pay/sweep.py': SWEEP},
            [key('grid', used_by=('grid',)), key('sweeper', used_by=('./pay/',))],
            ['trade', 'transfer'],
            id='folders',
        ),
        pytest.param(
            {'bot.py': BOT},
            [
                key('grid', 'env:BOT_SECRET', ('bot.py',)),
                key('sweeper', 'vault:treasury/kraken', ('treasury-service',)),
            ],
            ['trade', None],
            id='a key of another service',
        ),
        pytest.param(
            {'bot.py': INDIRECT}, [key('grid', 'env:BOT_SECRET')], ['trade'], id='through names'
        ),
        pytest.param(
            {'bot.py': BOT}, [key('old', 'env:OLD_SECRET')], [None], id='another variable'
        ),
        pytest.param(
            {'bot.py': PLAIN}, [key('grid', 'env:BOT_SECRET')], ['trade'], id='no variable is known'
        ),
        pytest.param(
            {'bot.py': BOT}, [key('grid', 'vault:kraken/bot')], ['trade'], id='one key, one client'
        ),
        pytest.param(
            {'bot.py': BOT},
            [key('made', source='call'), key('answer', source='document')],
            [None, None],
            id='documents and calls',
        ),
        pytest.param(
            {'bot.py': BOT},
            [key('made', 'env:BOT_SECRET', source='document')],
            ['trade'],
            id='a document with a reference',
        ),
        pytest.param(
            {'ex.py': BOT.partition('x.create')[0], 'bot.py': 'from ex import x\nx.transfer(1)\n'},
            [key('grid', used_by=('bot.py',))],
            ['transfer'],
            id='a file that uses the client of another',
        ),
    ],
)
def test_needs_of_keys(
    files: dict[str, str], records: list[DeclarationRecord], want: list[str | None]
) -> None:
    assert levels(files, *records) == want


def test_what_could_not_be_read_of_one_client_is_no_doubt_of_another() -> None:
    files = {'bot.py': BOT, 'sweep.py': SWEEP + 'x.brand_new()\n'}
    records = [key('grid', 'env:BOT_SECRET'), key('sweeper', 'env:SWEEP_SECRET')]
    pack = load_rules().pack
    needs = read_code_permissions(list(files), lambda path: files[path].encode(), pack).needs
    found = [find_need(one, records, needs) for one in records]
    assert [need.is_exact for need in found if need is not None] == [True, False]
    exceeding = [
        one.declaration.label
        for one in check_code(records, needs, pack)
        if one.rule == 'key-exceeds-code' and one.declaration is not None
    ]
    assert exceeding == ['grid']


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('c = ClobClient("h", key=os.environ["WALLET_KEY"], chain_id=137)\n', True),
        ('c = ClobClient("h", chain_id=137)\n', False),
    ],
)
def test_a_client_that_signs_with_the_main_wallet(text: str, want: bool) -> None:
    files = {'bot.py': f'import os\nfrom py_clob_client.client import ClobClient\n{text}'}
    pack = load_rules().pack
    needs = read_code_permissions(list(files), lambda path: files[path].encode(), pack).needs
    rule = 'master-key-where-agent-would-do'
    found = [one for one in check_code([], needs, pack) if one.rule == rule]
    assert [(one.path, one.place.line) for one in found] == ([('bot.py', 3)] if want else [])


@pytest.mark.parametrize(
    ('argument', 'want'), [('', True), (', account_address=MAIN', False), (', **options', False)]
)
def test_an_agent_signs_for_an_address(argument: str, want: bool) -> None:
    text = (
        'import os, eth_account\nfrom hyperliquid.exchange import Exchange\n'
        'account = eth_account.Account.from_key(os.environ["HL_KEY"])\n'
        f'x = Exchange(account, URL{argument})\nx.order("A", True, 1, 2, {{}})\n'
    )
    pack = load_rules().pack
    needs = read_code_permissions(['bot.py'], lambda path: text.encode(), pack).needs
    assert any(client.is_main_wallet for client in needs['hyperliquid'].clients) is want


def split(files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the label and the levels of each key that would do for the code."""
    needs = read_code_permissions(
        list(files), lambda path: files[path].encode(), load_rules().pack
    ).needs
    parts = split_need(needs['kraken'])
    return [(name_key(one, parts, 'bot'), ' '.join(one.permissions)) for one in parts]


def test_clients_from_other_variables_want_other_keys() -> None:
    assert split(BOTH) == [('bot-bot', 'trade'), ('bot-sweep', 'transfer')]
    both_in_one = {'bot.py': BOT + SWEEP.replace('x = ', 'y = ').replace('x.', 'y.')}
    assert split(both_in_one) == [('bot-1', 'trade'), ('bot-2', 'transfer')]


@pytest.mark.parametrize(
    'files',
    [
        {'bot.py': BOT},
        {'bot.py': BOT, 'sweep.py': SWEEP.replace('SWEEP_', 'BOT_')},
        {'bot.py': BOT, 'sweep.py': PLAIN.replace('create_order', 'transfer')},
    ],
)
def test_what_may_be_one_key_is_one(files: dict[str, str]) -> None:
    assert [label for label, _ in split(files)] == ['bot']


def test_a_key_of_the_code_that_nobody_declares_has_its_row(keylint: Run, tmp_path: Path) -> None:
    for name, text in BOTH.items():
        (tmp_path / name).write_text(text)
    (tmp_path / 'keys.yaml').write_text(
        'keys:\n- exchange: kraken\n  label: grid\n  permissions: [read, trade]\n'
        '  ip_allowlist: [52.54.32.109]\n  secret_ref: env:BOT_SECRET\n'
    )
    rows = json.loads(keylint('keys', '.', '--isolated', '--format', 'json').stdout)['keys']
    assert [(row['label'], row['needed'], row['place']) for row in rows] == [
        ('', ['transfer'], 'sweep.py:2'),
        ('grid', ['trade'], 'keys.yaml:2'),
    ]
