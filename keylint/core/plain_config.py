"""Know configuration files that leave a clean commit clean, so that the hook's front may say so.

`remember_config.py` writes down, by digests of whole files, those that the ordinary way has read.
Reading TOML here would take longer than Python's own start.
"""

from __future__ import annotations

from keylint._version import __version__
from keylint.core.cache_files import cache_path_stem, read_cache_file

SUFFIX = '.config'


def describe_config(name: str, data: bytes) -> bytes:
    """Return what differs wherever the name or content of a configuration file does."""
    digest = __import__('_blake2').blake2b(data, digest_size=32).hexdigest()
    return f'configuration {__version__} {name} {digest}\n'.encode()


def is_known_config(name: str, data: bytes) -> bool:
    """Tell whether this very file was read before and only says what is shown of findings."""
    state = describe_config(name, data)
    return read_cache_file(cache_path_stem(state) + SUFFIX, state) is not None
