"""Tell from its name whether a call takes keys: a constructor, a log-in, a setter of credentials.

`client.swap("<mint>")` and `client.get_order("<id>")` are calls of a client, and take none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keylint.core.lazy_patterns import defer_regex
from keylint.core.names import find_role, split_words, squeeze_name

_PIECES = defer_regex(r'\.|::')
# What a client is called. The abbreviations are names of classes: `alpaca.REST`, `pybit.HTTP`.
_CLIENTS = frozenset(
    """client exchange session api account auth authentication credential credentials creds trader
    trading signer wallet http https rest websocket ws stream connection connector connect market
    spot futures future swap margin broker gateway sdk bot feed key keys keypair provider app rpc
    login service config options secret""".split()
)
# Verbs that make something: what they make must be a client, or nothing is said of it.
_MAKERS = frozenset(
    """new create make build init initialize initialise setup configure open start from with
    connect login signin sign auth authenticate authorize authorise""".split()
)
# Verbs that say by themselves that keys follow.
_LOGINS = frozenset('connect login signin auth authenticate authorize authorise'.split())
# Verbs that hand over something: it must be a part of a credential.
_SETTERS = frozenset('set use add put update load import register provide assign'.split())
# Verbs that fetch something by its id, or do something to it.
_GETTERS = frozenset(
    """get fetch load find read show list query search lookup delete remove cancel close stop update
    resume rename watch is has check verify assert print log parse decode sign send submit place
    poll wait confirm on emit subscribe unsubscribe select describe resolve render""".split()
)
# What a program keeps for itself, and gets by the keys: `get_client(key, secret)`.
_OWN = frozenset('client exchange session trader signer connector'.split())
# Words of names whose values are ids, orders, coins or accounts of others, whatever makes them.
_OTHERS = frozenset(
    """order orders oid id ids cloid clordid uuid symbol symbols token tokens mint mints coin
    asset assets pair pairs tx txid txn transaction transactions trade trades position
    positions signature signatures hash block address addresses balance balances price prices
    ticker tickers book candles klines history deposit deposits withdrawal withdrawals
    transfer transfers subscription channel channels topic public event events message
    messages log error path paths pattern patterns route routes template templates request
    requests endpoint endpoints""".split()
)
_CREDENTIALS = frozenset('credentials credential creds auth'.split())
_SECRET_WORDS = frozenset('secret private key keypair seed mnemonic wif base58'.split())


def takes_keys(callee: str, count: int, issuers_in: Callable[[str], Sequence[str]]) -> bool:
    """Tell whether a call's arguments without names may be keys.

    `callee` is its whole name with what stands before it (`ccxt.binance`, `Client::new`), `count`
    says how many texts it is given, `issuers_in` lists the issuers that a name speaks of.
    """
    *receivers, last = _PIECES.split(callee)
    words = split_words(last)
    if not words or 'public' in words:
        return False
    first = words[0]
    if first in _SETTERS:
        return _hands_over_keys(last, words)
    if last[0].isupper() and words[-1] in _CLIENTS and first not in _GETTERS:
        return True
    if not _OTHERS.isdisjoint(words) and find_role(last) is None:
        return False
    if first in _GETTERS:
        return count > 1 and words[-1] in _OWN
    if first in _LOGINS:
        return True
    if first in _MAKERS and len(words) == 1:
        return bool(receivers) and (_is_client(receivers[-1]) or bool(issuers_in(receivers[-1])))
    if issuers_in(last):
        return not squeeze_name(last).endswith(_PUBLIC_THINGS)
    if first in _MAKERS:
        return not _CLIENTS.isdisjoint(words)
    return (last[0].isupper() or not receivers) and _is_client(last)


def _hands_over_keys(name: str, words: Sequence[str]) -> bool:
    """Tell whether what a setter takes is a part of a credential, also `LoadAPIKeysUnsecure`."""
    if find_role(name) is not None or not _CREDENTIALS.isdisjoint(words):
        return True
    return find_role('_'.join(words[:-1])) is not None


# What an issuer's call ends with that names something public: `kraken_tx_hash("…")`.
_PUBLIC_THINGS = ('hash', 'txid', 'orderid', 'tradeid')


def takes_ids(callee: str) -> bool:
    """Tell whether a call's name says that it is given ids, orders, coins or places."""
    last = _PIECES.split(callee)[-1]
    words = split_words(last)
    is_about_others = not _OTHERS.isdisjoint(words) and find_role(last) is None
    return bool(words) and (words[0] in _GETTERS or is_about_others)


def takes_secrets(callee: str) -> bool:
    """Tell whether a call says of what it takes that it is secret: `Keypair.fromSecretKey`."""
    words = set(split_words(callee))
    return bool(words & _SECRET_WORDS) and 'public' not in words


def _is_client(name: str) -> bool:
    """Tell whether a name is that of a client, or of a class of clients: `SpotWebsocketAPI`."""
    words = split_words(name)
    return bool(words) and (words[-1] in _CLIENTS or (name[0].isupper() and words[0] in _CLIENTS))
