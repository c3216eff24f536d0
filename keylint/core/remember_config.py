"""Remember configuration files that leave a clean commit clean, for `plain_config.py`."""

from __future__ import annotations

import os

from keylint.core.cache_files import cache_path_stem
from keylint.core.config import Config
from keylint.core.config_file import read_config
from keylint.core.errors import ConfigError
from keylint.core.plain_config import SUFFIX, describe_config, is_known_config
from keylint.core.write_cache import write_cache_file


def remember_config(path: str) -> None:
    """Remember a file that only raises severities or the confidence from which findings are shown.

    Any other setting (rules, lists of paths, limits, a baseline) changes what is scanned or how; so
    does a lower threshold.
    """
    name, data = os.path.basename(path), _read_file(path)
    if data is None or is_known_config(name, data):
        return
    try:
        config = read_config(path, Config())
    except ConfigError:
        return
    usual = Config()
    rest = config._replace(
        severity=usual.severity,
        confidence=usual.confidence,
        fail_on=usual.fail_on,
        source=usual.source,
    )
    is_lowered = config.severity == 'info' or config.confidence == 'low'
    if rest == usual and not is_lowered and _read_file(path) == data:
        state = describe_config(name, data)
        write_cache_file(cache_path_stem(state) + SUFFIX, state, b'', (SUFFIX,))


def _read_file(path: str) -> bytes | None:
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError:
        return None
