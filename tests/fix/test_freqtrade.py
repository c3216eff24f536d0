"""What freqtrade can take from the environment, and what is refused."""

from __future__ import annotations

import json

import pytest

from keylint.fix.edits import UnfixableError
from keylint.fix.freqtrade import _check_settable, _is_still_json, _reads_as_number, is_freqtrade
from keylint.readers import json as reader


def check(document: object) -> None:
    data = json.dumps(document).encode()
    (setting,) = reader.settings(data)
    _check_settable(data, setting)


@pytest.mark.parametrize(
    'document',
    [
        {'exchange': {'key': 'abc'}},
        {'exchange': {'api_key_2': 'abc'}},
        {'telegram': {'chat_id': '123'}},
        {'api_server': {'password': 'true'}},
    ],
)
def test_what_can_be_set(document: object) -> None:
    check(document)


@pytest.mark.parametrize(
    ('document', 'why'),
    [
        ({'exchange': {'apiKey': 'abc'}}, 'small letters'),
        ({'exchange': {'_key': 'abc'}}, 'small letters'),
        ({'exchange': [{'key': 'abc'}]}, 'small letters'),
        ({'Exchange': {'key': 'abc'}}, 'small letters'),
        ({'exchange': {'key': 123}}, 'not a quoted text'),
        ({'exchange': {'key': '123'}}, 'for a number'),
        ({'exchange': {'key': 'True'}}, 'for a number'),
    ],
)
def test_what_cannot(document: object, why: str) -> None:
    with pytest.raises(UnfixableError, match=why):
        check(document)


def test_numbers_and_truth_values() -> None:
    assert [
        text for text in ('1', '1e5', 'nan', 't', 'FALSE', 'true', 'f') if _reads_as_number(text)
    ] == [*('1', '1e5', 'nan', 't', 'FALSE', 'true', 'f')]
    assert not any(_reads_as_number(text) for text in ('', 'abc', 'truth', '0x'))


@pytest.mark.parametrize(
    ('before', 'after', 'want'),
    [(b'{}', b'[]', True), (b'{}', b'{', False), (b'{', b'{', True), (b'{', b'{}', True)],
)
def test_what_was_json_stays_json(before: bytes, after: bytes, want: bool) -> None:
    assert _is_still_json(before, after) is want


def test_configurations_of_freqtrade() -> None:
    config = {
        'exchange': {'name': 'x'},
        'stake_currency': 'USDT',
        'dry_run': True,
        'max_open_trades': 3,
    }
    assert is_freqtrade(reader.settings(json.dumps(config).encode()))
    assert not is_freqtrade(reader.settings(b'{"exchange": {"name": "x"}}'))
    assert not is_freqtrade(())
