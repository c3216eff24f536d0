"""Recognise configuration files that keep a clean commit clean, so the hook's front can say so.

`remember_config.py` records the digests of such files after the normal path has read them.
Reading TOML here would take longer than Python's own start.
"""

from __future__ import annotations

from keylint._version import __version__
from keylint.core.cache_files import cache_path_stem, read_cache_file

SUFFIX = '.config'


def describe_config(name: str, data: bytes) -> bytes:
    """Return a text that differs whenever a configuration file's name or content does."""
    digest = __import__('_blake2').blake2b(data, digest_size=32).hexdigest()
    return f'configuration {__version__} {name} {digest}\n'.encode()


def is_known_config(name: str, data: bytes) -> bool:
    """Tell whether this very file was read before and only affects which findings are shown."""
    state = describe_config(name, data)
    return read_cache_file(cache_path_stem(state) + SUFFIX, state) is not None
