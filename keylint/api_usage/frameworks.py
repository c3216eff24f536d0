"""Bots that trade by themselves: what freqtrade, OctoBot, hummingbot and jesse need of a key is known, from their configurations,
scripts and packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from keylint.core.model import Use
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
    rb'(?:connector|exchange|markets?)\w{0,60}[\'"]?[^\n=:]{0,40}[:=][^\n\'"#]{0,60}[\'"]([a-z][a-z0-9_]+)[\'"]'
)
_PACKAGE = re.compile(rb'\bname *= *[\'"](hummingbot|jesse)[\'"]')
_FUTURES = re.compile(r'(?i)futures|perpetual|swap')


def needs(path: str, data: bytes, issuer_of: Any) -> Iterator[Use]:
    """The levels that the configuration's exchange must allow: reading and trading, derivatives where it says so, never withdrawals."""
    if path.endswith('.py'):
        yield from _scripted(path, data, issuer_of)
    if not MARKS.search(data):
        return
    try:
        found = list(read_trees(ParsedText(data), format_of(path)))
    except ValueError:
        return
    for tree in found:
        for name, exchange, is_derivative in [
            *_freqtrade(tree),
            *_octobot(tree),
            *_hummingbot(tree),
            *_jesse(tree, data),
        ]:
            issuer = issuer_of(exchange.split('_perpetual')[0].split(' ')[0])
            if issuer is None:
                continue
            yield from _uses(
                issuer, name, is_derivative, f'{name} configuration', path, data, max(0, tree.start)
            )


def _uses(
    issuer: str | None,
    name: str,
    is_derivative: bool,
    call: str,
    path: str,
    data: bytes,
    start: int,
) -> Iterator[Use]:
    line = data.count(b'\n', 0, start) + 1
    for level in ('read', 'trade', 'derivatives') if is_derivative else ('read', 'trade'):
        yield Use(issuer, name, level, call, path, line, 1)


def _scripted(path: str, data: bytes, issuer_of: Any) -> Iterator[Use]:
    """A hummingbot script with the connectors that it names; the package of a framework itself, whose exchange its users choose."""
    if b'hummingbot.strategy' in data and _SCRIPT.search(data):
        for match in _CONNECTOR.finditer(data):
            name = match.group(1).decode()
            issuer = None if 'paper_trade' in name else issuer_of(name.split('_perpetual')[0])
            if issuer is not None:
                yield from _uses(
                    issuer,
                    'hummingbot',
                    '_perpetual' in name,
                    'hummingbot script',
                    path,
                    data,
                    match.start(),
                )
    package = (
        _PACKAGE.search(data) if path.replace('\\', '/').rsplit('/', 1)[-1] == 'setup.py' else None
    )
    if package is not None:
        name = package.group(1).decode()
        yield from _uses(None, name, True, f'{name} package', path, data, package.start())


def _text(node: Node | None) -> str:
    return (node.value or '') if node is not None else ''


def _freqtrade(tree: Node) -> Iterator[tuple[str, str, bool]]:
    name = _text(tree.get('exchange.name'))
    if name and tree.find('stake_currency') is not None:
        yield 'freqtrade', name, _text(tree.find('trading_mode')) in ('futures', 'margin')


def _octobot(tree: Node) -> Iterator[tuple[str, str, bool]]:
    exchanges = tree.find('exchanges')
    if exchanges is not None and tree.find('crypto-currencies') is not None:
        for entry in exchanges.items:
            yield 'OctoBot', entry.key, _text(entry.find('exchange-type')) == 'future'


def _hummingbot(tree: Node) -> Iterator[tuple[str, str, bool]]:
    for document in tree.items if tree.is_list else [tree]:
        name = _text(document.find('connector'))
        if name:
            yield 'hummingbot', name, '_perpetual' in name


def _jesse(tree: Node, data: bytes) -> Iterator[tuple[str, str, bool]]:
    if b'jesse' not in data and not any(
        key.startswith('routes') for key in (tree.key, *tree.entries)
    ):
        return
    for entry in (*tree.items, *(inner for table in tree.items for inner in table.items)):
        name = _text(entry.find('exchange')) if entry.entries else ''
        if name and entry.find('strategy') is not None:
            yield 'jesse', name, _FUTURES.search(name) is not None
