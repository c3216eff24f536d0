"""Sentences that tell the reader to weaken a key, and those that tell something else."""

from __future__ import annotations

import pytest

from keylint.declarations.relevance import find_sentences
from keylint.declarations.setup_texts import find_instructions
from keylint.readers.formats import FORMATS
from keylint.rules.load import load_rules
from tests.declarations import moods
from tests.declarations.mood_texts import HARMS, MoodText, read_mood_texts
from tests.declarations.unseen_texts import UNSEEN_HARMFUL, UNSEEN_HARMLESS

SILENT = (
    ('md', '  4 | permissions: [read, trade, withdraw]'),
    ('py', '# How far a right of a key goes: `withdraw: rw`.'),
    ('rst', 'All rights reserved.'),
    ('py', '# Copyright 2001, Acme, Inc., all rights reserved. The exchange API key stays away.'),
    ('py', '# Active superusers have all permissions.'),
    ('md', 'Grant all permissions to the admin role of the dashboard.'),
    (
        'md',
        'The permissions of a user of the API are the superset of all permissions of its groups.',
    ),
    ('md', 'Allow `key-can-withdraw` for the API key of the treasury.'),
    ('md', 'Tick the finding key-can-withdraw off: the Kraken key is gone.'),
    ('md', 'Never enable withdrawals for the Binance API key.'),
    ('md', '[✓] Enable Trading [X] Enable Withdrawals (Binance)'),
    ('py', 'enable("withdrawals of the Binance API key")  # a comment'),
    ('c', '// Enable withdrawals on your Binance API key'),
    ('py', '# Extend the active-pair whitelist with the pairs of open trades.'),
    ('md', f'Enable withdrawals on your Binance API key {"x" * 2000}'),
)
LOUD = (
    ('md', 'Create a Binance API key with all permissions.', 'withdraw'),
    ('md', 'API key: select all permissions', 'withdraw'),
    ('md', 'The API key needs full permissions.', 'withdraw'),
    ('md', 'Enable withdrawals on your Binance API key', 'withdraw'),
    ('md', 'Withdrawals must be enabled for the arbitrage bot (Kraken API).', 'withdraw'),
    ('env', 'BINANCE_KEY=  # enable withdrawals for this key', 'withdraw'),
    ('md', 'Give the Binance API key the right to withdraw.', 'withdraw'),
    ('md', 'Switch on withdrawals for your API key.', 'withdraw'),
    ('md', 'Habilite saques na sua API.', 'withdraw'),
    ('md', 'Aktiviere Abhebungen im API key.', 'withdraw'),
    ('md', 'Create the API key with all permissions required by the bot.', 'withdraw'),
    ('yaml', '  # enable withdrawals for this API key\r', 'withdraw'),
    ('md', 'Leave the IP whitelist blank when you create the key.', 'open'),
    ('md', 'No need to whitelist your IP for this API key.', 'open'),
)


def told(data: bytes, kind: str) -> list[tuple[str, str, int, int]]:
    """Return what is told in the lines in which the gate, nothing else, has seen it."""
    rules = load_rules()
    return list(
        find_instructions(
            data,
            find_sentences(data, FORMATS[kind], rules.matcher.find_matches(data)),
            rules.pack.setup_texts,
        )
    )


@pytest.mark.parametrize(('kind', 'text'), SILENT)
def test_nothing_is_told(kind: str, text: str) -> None:
    assert told(text.encode(), kind) == []


@pytest.mark.parametrize(('kind', 'text', 'what'), LOUD)
def test_told(kind: str, text: str, what: str) -> None:
    data = f'# Set-up\n\n{text}\n'.encode()
    [(said, sentence, start, end)] = told(data, kind)
    assert said == what
    assert data[start:end].decode() == sentence
    assert sentence in text


def list_kinds_told(text: str) -> set[str]:
    return {what for what, *_ in told(f'# Set-up\n\n{text}\n'.encode(), 'md')}


@pytest.mark.parametrize('text', [*moods.HARMFUL, *moods.HARMFUL_LISTS])
def test_kind_10_orders_and_requirements_are_told(text: str) -> None:
    assert list_kinds_told(text) in ({'withdraw'}, {'open'})


@pytest.mark.parametrize('text', [*moods.HARMLESS, *moods.HARMLESS_LISTS])
def test_kind_10_other_moods_are_silent(text: str) -> None:
    assert list_kinds_told(text) == set()


@pytest.mark.parametrize('text', UNSEEN_HARMFUL)
def test_unseen_texts_that_harm_are_told(text: str) -> None:
    assert list_kinds_told(text)


@pytest.mark.parametrize('text', UNSEEN_HARMLESS)
def test_unseen_texts_that_do_no_harm_are_silent(text: str) -> None:
    assert list_kinds_told(text) == set()


@pytest.mark.parametrize('text', read_mood_texts(), ids=lambda text: text.text[:60])
def test_texts_of_the_batches(text: MoodText) -> None:
    assert bool(list_kinds_told(text.text)) == (text.mark == HARMS)


@pytest.mark.parametrize('text', moods.ASKING)
def test_texts_that_ask_for_keys_are_told(text: str) -> None:
    assert list_kinds_told(text) == {'share'}


@pytest.mark.parametrize('text', moods.NOT_ASKING)
def test_texts_that_warn_of_sharing_are_silent(text: str) -> None:
    assert list_kinds_told(text) == set()


def test_claim_11_own_revoke_steps_are_no_advice() -> None:
    """No step that keylint itself prints for a leak is taken for harmful advice."""
    pack = load_rules().pack
    steps = {step for rule in pack.rules.values() for step in rule.revoke}
    steps |= {step for policy in pack.policies.values() for step in policy.do}
    wrong = [step for step in sorted(steps) if list_kinds_told(f'- {step} (API key)')]
    assert wrong == []


def test_offsets_are_bytes_behind_wide_letters() -> None:
    text = 'Ключ API: 🤖 готов. Включите вывод средств для API-ключа. Всё.'
    [(_, sentence, start, end)] = told(text.encode(), 'md')
    assert text.encode()[start:end].decode() == sentence
    assert sentence == 'Включите вывод средств для API-ключа.'


TABLE = '| Setting of the Kraken API key | {} |\n|---|---|\n| Query funds | Yes |\n| {} | {} |\n'


@pytest.mark.parametrize(
    ('head', 'right', 'cell', 'count'),
    [
        ('Required', 'Withdraw funds', 'Yes', 1),
        ('Needed', 'Withdrawals', '✅', 1),
        ('Required', 'Withdraw funds', 'No', 0),
        ('Required', 'Withdraw funds', '❌', 0),
        ('Meaning', 'Withdraw funds', 'Yes', 0),
        ('Required', 'Withdrawal address', 'Yes', 0),
    ],
)
def test_rows_of_tables(head: str, right: str, cell: str, count: int) -> None:
    assert len(told(TABLE.format(head, right, cell).encode(), 'md')) == count
