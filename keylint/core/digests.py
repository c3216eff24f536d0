"""Digests of values and keys of tables without `hashlib`, which would load OpenSSL.

For the few bytes that are digested here, Python's own code is as fast.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import blake2b as blake2b
    from hashlib import sha256 as sha256
else:
    from importlib import import_module

    def _find_digest(name, *modules):
        """Return a digest from the first of the modules that this Python has."""
        for module in modules:
            try:
                return getattr(import_module(module), name)
            except (ImportError, AttributeError):
                continue
        return getattr(import_module('hashlib'), name)

    blake2b = _find_digest('blake2b', '_blake2')
    sha256 = _find_digest('sha256', '_sha2', '_sha256')  # `_sha2` exists from Python 3.12 on
