"""A library in the tree is no bot: what it calls itself is no need, what builds a client is."""

from __future__ import annotations

import pytest

from keylint.api_usage.other_languages import UnreadUse
from keylint.policies.code_permissions import CodePermissions, read_code_permissions
from keylint.reporters.keys import describe_unread
from keylint.rules.load import load_rules

EXCHANGES = 'binance kraken bybit okx kucoin bitget gate htx bitfinex coinbase bitmex'.split()
BOT = 'import ccxt\nx = ccxt.kraken({"apiKey": k, "secret": s})\nx.withdraw("BTC", 1, address)\n'


def make_library(folder: str = '', count: int = len(EXCHANGES)) -> dict[str, str]:
    """Make a package as ccxt's: clients that call their own methods."""
    tree = {
        f'{folder}ccxt/__init__.py': "__version__ = '4.0.0'\n",
        f'{folder}ccxt/base/__init__.py': '',
        f'{folder}ccxt/base/exchange.py': 'class Exchange:\n    pass\n',
    }
    for name in EXCHANGES[:count]:
        tree[f'{folder}ccxt/{name}.py'] = (
            'from ccxt.base.exchange import Exchange\n'
            'from ccxt.abstract.all import ImplicitAPI\n\n\n'
            f'class {name}(Exchange, ImplicitAPI):\n'
            '    def pay(self):\n        return self.privatePostWithdraw({})\n'
        )
        tree[f'{folder}ccxt/pro/{name}.py'] = (
            f'import ccxt.async_support\n\n\nclass {name}(ccxt.async_support.{name}):\n'
            '    def pay(self):\n        return self.sapiPostCapitalWithdrawApply({})\n'
        )
    return tree


def read_tree(tree: dict[str, str]) -> CodePermissions:
    return read_code_permissions(list(tree), lambda path: tree[path].encode(), load_rules().pack)


@pytest.mark.parametrize('folder', ['', 'build/lib/'])
def test_the_library_itself_needs_nothing(folder: str) -> None:
    code = read_tree(make_library(folder))
    assert code.needs == {}
    assert [one.folder for one in code.packages] == [f'{folder}ccxt/']


def test_the_table_names_the_library_apart_from_files_that_were_not_read() -> None:
    own, other = UnreadUse('ccxt/', 'ccxt'), UnreadUse('bot.php', 'ccxt')
    alone = describe_unread([own])
    assert alone == [
        'ccxt/ is the library ccxt itself: of it, only files that build a client were read for '
        'what they call'
    ]
    assert describe_unread([own, other]) == [*describe_unread([other]), *alone]


def test_a_bot_beside_the_library_needs_what_it_needs_without() -> None:
    code = read_tree(make_library() | {'bot.py': BOT})
    assert code.needs == read_tree({'bot.py': BOT}).needs
    assert code.needs['kraken'].permissions == ('withdraw',)


@pytest.mark.parametrize(
    'text',
    [
        BOT,
        BOT.replace('import ccxt', 'import ccxt.async_support').replace(
            'ccxt.kraken', 'ccxt.async_support.kraken'
        ),
        'import ccxt\nx = getattr(ccxt, "kraken")({"apiKey": k})\nx.withdraw("BTC", 1, a)\n',
        'import ccxt\nx = vars(ccxt)["kraken"]({"apiKey": k})\nx.withdraw("BTC", 1, a)\n',
    ],
)
def test_a_file_in_the_package_that_builds_a_client_is_read(text: str) -> None:
    code = read_tree(make_library() | {'ccxt/my_bot.py': text})
    assert code.needs['kraken'].permissions == ('withdraw',)


@pytest.mark.parametrize(
    'tree',
    [
        make_library(count=9),
        make_library('bot/') | {'bot/__init__.py': ''},
        {path: text.replace('ccxt.base', 'elsewhere') for path, text in make_library().items()},
        {path: text for path, text in make_library().items() if 'base' not in path},
        {path: text for path, text in make_library().items() if path != 'ccxt/__init__.py'},
    ],
    ids=['few', 'in another package', 'of others', 'without its base', 'no package'],
)
def test_what_may_be_a_bots_own_folder_is_read(tree: dict[str, str]) -> None:
    code = read_tree(tree)
    assert not code.packages
    assert code.needs


def test_files_of_another_language_use_no_client_of_python() -> None:
    pages = {f'{name}.js': f'window.{name}.withdraw("BTC")\n' for name in 'ab'}
    code = read_tree({'bot.py': BOT} | pages)
    assert code.needs == read_tree({'bot.py': BOT}).needs
    assert code.read_sources == ()
