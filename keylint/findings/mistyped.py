"""Tell keys of wallets that lack nothing but a right checksum: typed off, or cut by hand."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.records import NamedTuple
from keylint.validators.checksums import CHECKS


class _KeyForm(NamedTuple):
    """A form of keys that a checksum proves: its name, what it looks like, its check."""

    name: str
    shape: re.Pattern[bytes]
    check: str


_BASE58 = rb'[1-9A-HJ-NP-Za-km-z]'
_FORMS = (
    _KeyForm('a WIF (Bitcoin private key)', defer_regex(rb'5' + _BASE58 + rb'{50}'), 'wif'),
    _KeyForm('a WIF (Bitcoin private key)', defer_regex(rb'[KLc]' + _BASE58 + rb'{51}'), 'wif'),
    _KeyForm(
        'an extended private key (BIP-32)',
        defer_regex(rb'[xyztuvYZUV]prv' + _BASE58 + rb'{106,108}'),
        'xprv',
    ),
    _KeyForm('a Stellar seed', defer_regex(rb'S[A-Z2-7]{55}'), 'stellar-seed'),
    _KeyForm('an XRP seed', defer_regex(rb's' + _BASE58 + rb'{28}'), 'xrp-seed'),
    _KeyForm('a recovery phrase', defer_regex(rb'[a-z]{3,8}(?:\s+[a-z]{3,8}){11,23}'), 'bip39'),
)


def describe_mistyped(value: bytes) -> str:
    """Say what a value looks like if only its checksum is wrong; empty for anything else."""
    for form in _FORMS:
        if form.shape.fullmatch(value) is not None and not CHECKS[form.check](value):
            return f'looks like {form.name} with a wrong checksum'
    return ''
