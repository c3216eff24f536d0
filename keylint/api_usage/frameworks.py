"""Know what bots that trade by themselves need of a key: freqtrade, OctoBot, hummingbot and jesse.

They are recognised by their configurations, scripts and packages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from keylint.core.key_model import ApiCall
from keylint.core.terms import Permission
from keylint.readers.formats import format_of
from keylint.readers.parsed import ParsedText
from keylint.readers.tree import Node
from keylint.readers.trees import read_trees

# A cheap look before a file is read: each framework's configuration has one of these.
MARKS = re.compile(
    rb'"stake_currency"|"crypto-currencies"|(?m:^connector: *\w)|[\'"]exchange[\'"]: *[\'"][A-Z]'
)
_SCRIPT = re.compile(rb'(?m)^from hummingbot\.strategy')
_CONNECTOR = re.compile(
    rb'(?:connector|exchange|markets?)\w{0,60}[\'"]?[^\n=:]{0,40}[:=]'
    rb'[^\n\'"#]{0,60}[\'"]([a-z][a-z0-9_]+)[\'"]'
)
_PACKAGE = re.compile(rb'\bname *= *[\'"](hummingbot|jesse)[\'"]')
_FUTURES = re.compile(r'(?i)futures|perpetual|swap')


_ORDERS: tuple[Permission, ...] = ('read', 'trade')
_DERIVATIVES: tuple[Permission, ...] = (*_ORDERS, 'derivatives')
FindIssuer = Callable[[str], str | None]


def find_framework_calls(path: str, data: bytes, find_issuer: FindIssuer) -> Iterator[ApiCall]:
    """Find what a framework will call by its configuration, at the lines that say so.

    That is reading and trading, derivatives where it says so, never withdrawals.
    """
    if path.endswith('.py'):
        yield from _find_in_script(path, data, find_issuer)
    if not MARKS.search(data):
        return
    try:
        found = list(read_trees(ParsedText(data), format_of(path)))
    except ValueError:
        return
    for tree in found:
        for name, exchange, is_derivative in [
            *_read_freqtrade(tree),
            *_read_octobot(tree),
            *_read_hummingbot(tree),
            *_read_jesse(tree, data),
        ]:
            issuer = find_issuer(exchange.split('_perpetual')[0].split(' ')[0])
            if issuer is not None:
                start = _line_start(data, tree.start)
                call = ApiCall(issuer, name, '', f'{name} configuration', path, start)
                yield from _with_permissions(call, is_derivative)


def _with_permissions(call: ApiCall, is_derivative: bool) -> Iterator[ApiCall]:
    for permission in _DERIVATIVES if is_derivative else _ORDERS:
        yield call._replace(permission=permission)


def _line_start(data: bytes, offset: int) -> int:
    """Return the first byte of the line that a byte stands on.

    What a framework needs has no column.
    """
    return data.rfind(b'\n', 0, max(0, offset)) + 1


def _find_in_script(path: str, data: bytes, find_issuer: FindIssuer) -> Iterator[ApiCall]:
    """Find the connectors that a hummingbot script names, or the package of a framework itself.

    Of a package only its users choose the exchange.
    """
    if b'hummingbot.strategy' in data and _SCRIPT.search(data):
        for match in _CONNECTOR.finditer(data):
            name = match.group(1).decode()
            issuer = None if 'paper_trade' in name else find_issuer(name.split('_perpetual')[0])
            if issuer is not None:
                start = _line_start(data, match.start())
                call = ApiCall(issuer, 'hummingbot', '', 'hummingbot script', path, start)
                yield from _with_permissions(call, '_perpetual' in name)
    is_setup = path.replace('\\', '/').rsplit('/', 1)[-1] == 'setup.py'
    package = _PACKAGE.search(data) if is_setup else None
    if package is not None:
        name = package.group(1).decode()
        start = _line_start(data, package.start())
        call = ApiCall(None, name, '', f'{name} package', path, start)
        yield from _with_permissions(call, True)


def _text_of_node(node: Node | None) -> str:
    return (node.value or '') if node is not None else ''


def _read_freqtrade(tree: Node) -> Iterator[tuple[str, str, bool]]:
    name = _text_of_node(tree.get('exchange.name'))
    if name and tree.find('stake_currency') is not None:
        yield 'freqtrade', name, _text_of_node(tree.find('trading_mode')) in ('futures', 'margin')


def _read_octobot(tree: Node) -> Iterator[tuple[str, str, bool]]:
    exchanges = tree.find('exchanges')
    if exchanges is not None and tree.find('crypto-currencies') is not None:
        for entry in exchanges.items:
            yield 'OctoBot', entry.key, _text_of_node(entry.find('exchange-type')) == 'future'


def _read_hummingbot(tree: Node) -> Iterator[tuple[str, str, bool]]:
    for document in tree.items if tree.is_list else [tree]:
        name = _text_of_node(document.find('connector'))
        if name:
            yield 'hummingbot', name, '_perpetual' in name


def _read_jesse(tree: Node, data: bytes) -> Iterator[tuple[str, str, bool]]:
    if b'jesse' not in data and not any(
        key.startswith('routes') for key in (tree.key, *tree.entries)
    ):
        return
    for entry in (*tree.items, *(inner for table in tree.items for inner in table.items)):
        name = _text_of_node(entry.find('exchange')) if entry.entries else ''
        if name and entry.find('strategy') is not None:
            yield 'jesse', name, _FUTURES.search(name) is not None
