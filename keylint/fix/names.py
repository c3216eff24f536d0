"""Names of environment variables for the parts of credentials: one name a value, other accounts numbered, key and secret alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keylint.fix.edits import Move, Spot, Unfixable

_ENDS = {
    'api-key': 'API_KEY',
    'secret': 'API_SECRET',
    'passphrase': 'API_PASSPHRASE',
    'private-key': 'PRIVATE_KEY',
    'mnemonic': 'MNEMONIC',
    'token': 'TOKEN',
    'url': 'URL',
    'password': 'PASSWORD',
}
_GENERIC = {**_ENDS, 'secret': 'SECRET', 'passphrase': 'PASSPHRASE'}
_MOST = 1000


def name_for(issuer: str | None, role: str, environment: str) -> str:
    """`BINANCE_API_SECRET`, `BINANCE_TESTNET_API_KEY`, `EVM_PRIVATE_KEY`: from the dossier's id, the environment and the role."""
    if issuer is None:
        return _GENERIC[role]
    head = re.sub(r'[^A-Z0-9]+', '_', issuer.upper()).strip('_')
    head = f'_{head}' if head[:1].isdigit() else head
    middle = f'_{environment.upper()}' if environment in ('testnet', 'paper') else ''
    end = _ENDS[role]
    return f'{head.removesuffix(f"_{end}")}{middle}_{end}'


class Names:
    """Which value each name of one `.env` stands for. Filled while files are repaired."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = dict(known)

    def choose(
        self,
        spots: Sequence[Spot],
        values: Sequence[str],
        text: bytes,
        own: frozenset[str] = frozenset(),
    ) -> list[str]:
        """A name for each part of one credential; all get the same number where another account has the names already.

        A name that the text reads already and that no `.env` gives a value stands for something else, but for those in `own`.
        """
        for number in range(1, _MOST):
            names = _numbered([spot.name for spot in spots], values, number)
            if all(
                self._is_free(name, value, b'' if name in own else text)
                for name, value in zip(names, values, strict=True)
            ):
                self.known.update(zip(names, values, strict=True))
                return names
        raise Unfixable('no name is left for it')

    def keep(self, moves: Sequence[Move]) -> None:
        """Take names that the file itself gives. Raises Unfixable where one of them stands for another value already."""
        for move in moves:
            if self.known.get(move.name) not in (None, '', move.value):
                raise Unfixable(
                    f'{move.name} stands with another value in .env already; rename one of the two'
                )
        self.known.update(moves)

    def _is_free(self, name: str, value: str, text: bytes) -> bool:
        known = self.known.get(name)
        if known:
            return known == value
        return (
            known == ''
            or re.search(rb'(["\'])%b\1|\$\{?%b\b' % (name.encode(), name.encode()), text) is None
        )


def _numbered(names: Sequence[str], values: Sequence[str], number: int) -> list[str]:
    """The names with a number from 2 on; two different values of one credential never share a name."""
    found: dict[str, str] = {}
    made: list[str] = []
    for name, value in zip(names, values, strict=True):
        own, count = name if number == 1 else f'{name}_{number}', 1
        while found.get(own, value) != value:
            count += 1
            own = f'{name}{"" if number == 1 else f"_{number}"}_{chr(64 + count)}'
        found[own] = value
        made.append(own)
    return made
