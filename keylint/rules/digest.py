"""The digest under which known values are kept and compared."""

from __future__ import annotations

import hashlib
import re


def digest_value(value: bytes) -> str:
    """Return the SHA-256 (hex) of a value in the one form that is compared.

    White space is folded; what is hex is lower case and without 0x.
    """
    folded = b' '.join(value.split())
    bare = folded.removeprefix(b'0x').lower()
    is_hex = re.fullmatch(rb'[0-9a-f]+', bare) is not None
    return hashlib.sha256(bare if is_hex else folded).hexdigest()
