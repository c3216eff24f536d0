"""Say permissions in words that a trader understands."""

from __future__ import annotations

from collections.abc import Collection

from keylint.core.terms import PERMISSIONS, Permission

# The markets that each trading permission opens.
_MARKETS: dict[Permission, str] = {
    'trade': 'spot',
    'margin': 'margin',
    'derivatives': 'derivatives',
}
_VERBS: dict[Permission, str] = {
    'read': 'read',
    'transfer': 'transfer between accounts',
    'withdraw': 'withdraw',
    'admin': 'manage keys or sub-accounts',
}


def describe_permissions(permissions: Collection[str]) -> str:
    """Describe what a key may do, from harmless to all: `read, trade derivatives and withdraw`."""
    said = [_VERBS[one] for one in PERMISSIONS if one in permissions and one in _VERBS]
    markets = [name for one, name in _MARKETS.items() if one in permissions]
    if markets:
        trades = 'trade' if markets == ['spot'] else f'trade {join_words(markets)}'
        said.insert(1 if 'read' in permissions else 0, trades)
    return join_words(said)


def list_permissions(permissions: Collection[str]) -> str:
    """List permissions by their names, from harmless to all.

    Fingerprints are made from these names, so they must not change with the wording.
    """
    return ', '.join(one for one in PERMISSIONS if one in permissions)


def join_words(words: list[str]) -> str:
    """Join words as a sentence lists them: `a, b and c`."""
    return ' and '.join([', '.join(words[:-1]), words[-1]] if len(words) > 1 else words)
