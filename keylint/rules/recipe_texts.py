"""Recipes of purely random texts, and of the encodings of random bytes."""

from __future__ import annotations

import base64
import random
import string
import uuid
from collections.abc import Callable
from typing import TypeAlias

# Takes the argument of the recipe, which may be empty. Raises ValueError or LookupError.
Maker: TypeAlias = Callable[[random.Random, str], str]

_MIN_MIXED_CHARS = 12
# Of django.core.management.utils.get_random_secret_key.
_DJANGO = 'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)'
_BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'


def draw_text(rng: random.Random, alphabet: str, length: str) -> str:
    """Draw random characters; from twelve on with a digit, a capital and a small letter.

    Of those three, only kinds that the alphabet has are included.
    """
    wanted = [
        kind
        for kind in (string.digits, string.ascii_uppercase, string.ascii_lowercase)
        if set(kind) & set(alphabet)
    ]
    while True:
        value = ''.join(rng.choices(alphabet, k=int(length)))
        if int(length) < _MIN_MIXED_CHARS or all(set(kind) & set(value) for kind in wanted):
            return value


def make_drawer(alphabet: str) -> Maker:
    """Return a maker of random characters from an alphabet."""
    return lambda rng, length: draw_text(rng, alphabet, length)


def _make_digits(rng: random.Random, length: str) -> str:
    return rng.choice('123456789') + ''.join(rng.choices(string.digits, k=int(length) - 1))


def _make_urlsafe(rng: random.Random, length: str) -> str:
    middle = draw_text(rng, string.ascii_letters + string.digits + '-_', str(int(length) - 2))
    return rng.choice(string.ascii_letters) + middle + rng.choice(string.ascii_letters)


def _make_password(rng: random.Random, length: str) -> str:
    """Make letters with two digits and mixed case, as a password manager does."""
    return draw_text(
        rng, string.ascii_letters + string.digits, str(int(length) - 2)
    ) + _make_digits(rng, '2')


def _make_base64(rng: random.Random, length: str) -> str:
    return base64.b64encode(rng.randbytes(int(length))).decode()


def _make_base64url(rng: random.Random, length: str) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(int(length))).decode().rstrip('=')


def make_uuid(rng: random.Random, _: str) -> str:
    """Make a UUID of version 4."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


TEXT_MAKERS: dict[str, Maker] = {
    'alnum': make_drawer(string.ascii_letters + string.digits),
    'lower': make_drawer(string.ascii_lowercase + string.digits),
    'upper': make_drawer(string.ascii_uppercase + string.digits),
    'letters': make_drawer(string.ascii_letters),
    'digits': _make_digits,
    'hex': make_drawer('0123456789abcdef'),
    'HEX': make_drawer('0123456789ABCDEF'),
    'base64': _make_base64,
    'base64url': _make_base64url,
    'base32': make_drawer('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
    'base58': make_drawer(_BASE58),
    'urlsafe': _make_urlsafe,
    'django': make_drawer(_DJANGO),
    'uuid': make_uuid,
    'pass': _make_password,
    'pick': lambda rng, words: rng.choice(words.split('|')),
}
