"""The digest under which known values are kept and compared."""

from __future__ import annotations

from keylint.core.digests import sha256


def digest_value(value: bytes) -> str:
    """Return the SHA-256 (hex) of a value in the one form that is compared.

    White space is folded; what is hex is lower case and without 0x.
    """
    folded = b' '.join(value.split())
    bare = folded.removeprefix(b'0x').lower()
    is_hex = bool(bare) and not bare.strip(b'0123456789abcdef')
    return sha256(bare if is_hex else folded).hexdigest()
