"""Bytecode and pickles: read by hand, never run."""

from __future__ import annotations

import importlib.util
import pickle
import py_compile
import struct
from pathlib import Path
from typing import Any

import pytest

from keylint.archives.walk import LocatedMember, walk_members
from keylint.core.blob import Origin
from keylint.core.config import Config
from keylint.core.limits import Limits
from keylint.pipeline.members import scan_members
from tests.archives.made import KEY, RULES, SECRET, errors, found

HEAD = importlib.util.MAGIC_NUMBER + bytes(12)
PAIR = {'exchange': 'binance', 'apiKey': KEY, 'secret': SECRET}


class Account:
    """An object with a state, as a bot would pickle it."""

    def __init__(self) -> None:
        self.exchange, self.api_key, self.api_secret = 'binance', KEY, SECRET


class Trap:
    """What would leave a trace if it were unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ('raise SystemExit("unpickled")',))


def compiled(text: str, folder: Path) -> bytes:
    (folder / 'bot.py').write_text(text)
    py_compile.compile(str(folder / 'bot.py'), cfile=str(folder / 'bot.pyc'), doraise=True)
    return (folder / 'bot.pyc').read_bytes()


@pytest.mark.parametrize(
    ('name', 'data'),
    [
        pytest.param(
            'a.pkl',
            pickle.dumps({'exchange': 'binance', 'apiKey': '', 'secret': None}),
            id='no values',
        ),
        pytest.param('a.pkl', pickle.dumps([1.5] * 1000), id='numbers'),
        pytest.param('a.bin', b'\x80\x04\xff\xfe', id='bytes that begin like a pickle'),
        pytest.param('a.pyc', b'not bytecode', id='a name alone'),
        pytest.param(
            'a.npy', b'\x93NUMPY\x01\x00\x06\x00{}   \n' + bytes(80), id='an array of numbers'
        ),
    ],
)
def test_silent(name: str, data: bytes) -> None:
    assert found(name, data) == []
    assert errors(name, data) == []


@pytest.mark.parametrize('protocol', range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    ('value', 'where'),
    [
        pytest.param(PAIR, 'secret', id='dictionary'),
        pytest.param({'accounts': [{'x': 1}, PAIR]}, 'accounts[1].secret', id='nested'),
        pytest.param(Account(), 'api_secret', id='object'),
        pytest.param(
            (1, {k.encode(): v.encode() for k, v in PAIR.items()}), '[1].secret', id='bytes'
        ),
        pytest.param({'bots': {1: PAIR}}, 'bots.secret', id='number for a name'),
    ],
)
def test_pickles(value: object, where: str, protocol: int) -> None:
    rows = found('state.pkl', pickle.dumps(value, protocol))
    assert [(rule, parts) for rule, _, _, parts in rows] == [('binance-credential', 2)]
    if not isinstance(value, tuple) or protocol > 2:  # older protocols write bytes as a call
        assert rows[0][1] == f'state.pkl!/{where}'


def test_nothing_is_unpickled() -> None:
    assert found('a.pkl', pickle.dumps([Trap(), PAIR])) == [
        ('binance-credential', 'a.pkl!/[1].secret', 1, 2)
    ]


def test_several_pickles_in_a_file() -> None:
    assert found('a.pkl', pickle.dumps(1) + pickle.dumps(PAIR)) == [
        ('binance-credential', 'a.pkl!/#2.secret', 1, 2)
    ]


def test_an_array_of_objects() -> None:
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
    data = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + pickle.dumps([PAIR])
    assert found('a.npy', data) == [('binance-credential', 'a.npy!/[0].secret', 1, 2)]


def bomb(levels: int) -> object:
    value: object = ['x' * 30]
    for _ in range(levels):
        value = [value, value]
    return value


def cycle() -> object:
    value: list[object] = [PAIR]
    value.append(value)
    return value


@pytest.mark.parametrize(
    ('data', 'words'),
    [
        pytest.param(pickle.dumps(bomb(60)), '', id='a bomb of references'),
        pytest.param(
            pickle.dumps(['x' * 900_000] + ['y'.join(['x' * 900_000])] * 900),
            'MB come out of it',
            id='one text many times',
        ),
        pytest.param(
            b'\x80\x02' + b']' * 5000 + b'a' * 4999 + b'.',
            'nested more than 100 deep',
            id='too deep',
        ),
        pytest.param(b'\x80\x02' + b'(' * 5000 + b'.', '', id='marks'),
        pytest.param(
            b'\x80\x02' + b'r\xff\xff\xff\xff' * 10 + b'.', '', id='a memo without values'
        ),
        pytest.param(
            b'\x80\x04\x8e' + struct.pack('<Q', 1 << 62) + b'x',
            'the pickle is broken',
            id='a length that lies',
        ),
        pytest.param(pickle.dumps(PAIR)[:-20], 'the pickle is broken', id='cut off'),
    ],
)
def test_hostile_pickles(data: bytes, words: str) -> None:
    told = errors('a.pkl', data)
    assert any(words in error for error in told) if words else told == []


def test_a_cycle_is_written_once() -> None:
    assert len(found('a.pkl', pickle.dumps(cycle()))) == 1


def test_values_are_counted() -> None:
    result = scan_members(
        Origin('a.pkl'), pickle.dumps(list('abcdefgh')), RULES, Config(), limits=Limits(nodes=5)
    )
    assert [failure.error for failure in result.failures] == [
        'it has more than 5 values: the rest was not looked at'
    ]


@pytest.mark.parametrize(
    'text',
    [
        pytest.param(
            "# binance\nBINANCE_API_KEY = '{K}'\nBINANCE_API_SECRET = '{S}'\n", id='assignments'
        ),
        pytest.param(
            "import ccxt\nex = ccxt.binance({{'apiKey': '{K}', 'secret': '{S}'}})\n",
            id='a dictionary',
        ),
        pytest.param(
            "import ccxt\nex = ccxt.binance(apiKey='{K}', secret='{S}')\n", id='named arguments'
        ),
        pytest.param(
            "import binance\ndef connect(api_key='{K}', api_secret='{S}'):\n    pass\n",
            id='defaults',
        ),
        pytest.param(
            "import binance\nclass A:\n    def f(self):\n        self.api_key = '{K}'\n"
            "        self.api_secret = '{S}'\n",
            id='attributes',
        ),
        pytest.param(
            "import binance\nc = {{}}\nc['api_key'] = '{K}'\nc['api_secret'] = '{S}'\n", id='items'
        ),
    ],
)
def test_bytecode(text: str, tmp_path: Path) -> None:
    rows = found('bot.pyc', compiled(text.format(K=KEY, S=SECRET), tmp_path))
    assert [(rule, parts) for rule, _, _, parts in rows] == [('binance-credential', 2)]


def test_bytecode_without_values_is_silent(tmp_path: Path) -> None:
    data = compiled(
        'import os, ccxt\n'
        "ex = ccxt.binance({'apiKey': os.environ['KEY'], 'secret': os.environ['SECRET']})\n",
        tmp_path,
    )
    assert found('bot.pyc', data) == []
    assert errors('bot.pyc', data) == []


@pytest.mark.parametrize(
    ('body', 'words'),
    [
        pytest.param(b')\x01' * 5000 + b'N', 'nested more than 60 deep', id='too deep'),
        pytest.param(b'\xa9\x01r' + bytes(4), '', id='a tuple that holds itself'),
        pytest.param(b'r\xff\xff\xff\x7f', '', id='a reference to nothing'),
        pytest.param(
            b'(' + struct.pack('<i', 2**31 - 1) + b'N',
            'a size that the file does not have',
            id='a size that lies',
        ),
        pytest.param(
            b's' + struct.pack('<i', -1),
            'a size that the file does not have',
            id='less than nothing',
        ),
        pytest.param(b'l' + struct.pack('<i', 2**30), 'ends early', id='a number that lies'),
        pytest.param(b'?', 'no known type', id='an unknown type'),
        pytest.param(b'{' + b'N' * 10, 'ends early', id='a dictionary without end'),
        pytest.param(b'c' + bytes(20), 'bytecode is broken', id='half a code object'),
    ],
)
def test_hostile_bytecode(body: bytes, words: str) -> None:
    told = errors('a.pyc', HEAD + body)
    assert any(words in error for error in told) if words else told == []


def test_a_name_of_two_lines_leaves_every_line_with_its_label(tmp_path: Path) -> None:
    """Found by fuzzing: the labels of all lines behind it were those of others."""
    text = (
        f"first_name = 1\n\ndef login():\n    BINANCE_API_KEY = '{KEY}'\n"
        f"    BINANCE_API_SECRET = '{SECRET}'\n"
    )
    data = compiled(text, tmp_path).replace(b'first_name', b'first\nname')
    (item,) = walk_members('a.pyc', data, Limits())
    assert isinstance(item, LocatedMember)
    assert len(item.member.labels) == item.member.data.count(b'\n') + 1
    assert [container for _, container, _, _ in found('a.pyc', data)] == ['a.pyc!/login']
