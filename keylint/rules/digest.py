"""The digest by which known values are stored and compared."""

from __future__ import annotations

from keylint.core.digests import sha256


def digest_value(value: bytes) -> str:
    """Return the SHA-256 (hex) of a value in its canonical form.

    White space is folded; hex digits are lower case and without 0x.
    """
    folded = b' '.join(value.split())
    bare = folded.removeprefix(b'0x').lower()
    is_hex = bool(bare) and not bare.strip(b'0123456789abcdef')
    return sha256(bare if is_hex else folded).hexdigest()
