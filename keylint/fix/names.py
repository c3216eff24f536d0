"""Name environment variables for parts of credentials; other accounts get a number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keylint.core.names import VARIABLE_ENDINGS
from keylint.fix.edits import MovedValue, SecretSpan, UnfixableError

# Of credentials whose issuer is unknown.
_GENERIC_ENDINGS = {**VARIABLE_ENDINGS, 'secret': 'SECRET', 'passphrase': 'PASSPHRASE'}
_MAX_NUMBER = 1000


def name_for(issuer: str | None, role: str, environment: str) -> str:
    """Return the usual name: `BINANCE_API_SECRET`, `BINANCE_TESTNET_API_KEY`, `EVM_PRIVATE_KEY`.

    `issuer` is the id of a rule, `role` the kind of the part, `environment` that of the account.
    """
    if issuer is None:
        return _GENERIC_ENDINGS[role]
    head = re.sub(r'[^A-Z0-9]+', '_', issuer.upper()).strip('_')
    head = f'_{head}' if head[:1].isdigit() else head
    middle = f'_{environment.upper()}' if environment in ('testnet', 'paper') else ''
    end = VARIABLE_ENDINGS[role]
    return f'{head.removesuffix(f"_{end}")}{middle}_{end}'


class Names:
    """Knows which value each name of one `.env` stands for. Filled while files are repaired."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = dict(known)

    def choose(
        self,
        spans: Sequence[SecretSpan],
        values: Sequence[str],
        text: bytes,
        own: frozenset[str] = frozenset(),
    ) -> list[str]:
        """Choose a name for each part of one credential.

        All get the same number if another account has the names already. A name that `text` reads
        already and that no `.env` gives a value stands for something else, but for those in `own`.
        Raises UnfixableError if no number is left.
        """
        for number in range(1, _MAX_NUMBER):
            names = _number_names([span.name for span in spans], values, number)
            if all(
                self._is_free(name, value, b'' if name in own else text)
                for name, value in zip(names, values, strict=True)
            ):
                self.known.update(zip(names, values, strict=True))
                return names
        raise UnfixableError('no name is left for it')

    def keep(self, moves: Sequence[MovedValue]) -> None:
        """Take names that the file itself gives. Raises UnfixableError if one has another value."""
        for move in moves:
            if self.known.get(move.name) not in (None, '', move.value):
                raise UnfixableError(
                    f'{move.name} has another value in .env already; rename one of the two'
                )
        self.known.update(moves)

    def _is_free(self, name: str, value: str, text: bytes) -> bool:
        """Tell whether a name may stand for a value; `text` is the file that would read it."""
        known = self.known.get(name)
        if known:
            return known == value
        return (
            known == ''
            or re.search(rb'(["\'])%b\1|\$\{?%b\b' % (name.encode(), name.encode()), text) is None
        )


def _number_names(names: Sequence[str], values: Sequence[str], number: int) -> list[str]:
    """Add a number from 2 on, and letters if two values of one credential would share a name."""
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
