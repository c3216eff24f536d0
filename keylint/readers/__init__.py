"""Bytes of a file to fragments and settings: one format a module, one row in the table."""

from __future__ import annotations

from collections.abc import Callable

from keylint.core.model import Setting
from keylint.readers.decode import TABLES

Settings = Callable[[bytes], tuple[Setting, ...] | None]

_JSON = (
    'json',
    'jsonc',
    'json5',
    'hjson',
    'webmanifest',
    'postman_collection',
    'tfvars.json',
    'key',
    'key_sample',
    'har',
)
_YAML = ('yaml', 'yml')
_SECTIONS = ('toml', 'ini', 'cfg', 'conf', 'properties', 'env', 'config', 'cnf', 'service')
_BACKUPS = (
    'bak',
    'old',
    'orig',
    'save',
    'dist',
    'example',
    'sample',
    'template',
    'tmpl',
    'default',
    'local',
    'copy',
    'backup',
)
# Files of programs that are called `env.py` and the like hold no lines of an environment.
_PROGRAMS = (
    'py',
    'pyi',
    'pyw',
    'ipynb',
    'js',
    'mjs',
    'cjs',
    'jsx',
    'ts',
    'tsx',
    'go',
    'rb',
    'php',
    'rs',
    'java',
    'kt',
    'cs',
    'c',
    'h',
    'cpp',
    'lua',
    'pl',
    'r',
    'ps1',
    'bat',
    'html',
    'md',
    'rst',
    'csv',
    'tsv',
)
_LOGINS = ('netrc', '_netrc', 'authinfo', 'xml')
_MOST = 8_000_000


def settings_of(path: str, data: bytes) -> tuple[Setting, ...]:
    """The settings of a structured document, none for other files and for documents too large or too broken to read."""
    if len(data) > _MOST:
        return ()
    reader = _reader(path, data)
    return (reader(data) if reader else None) or ()


def ending(path: str) -> str:
    """The ending that tells the format: `config.json.bak` gives `json`, `.env.local` gives `env`."""
    name = path.replace('\\', '/').rsplit('/', 1)[-1].lower()
    parts = name.split('.')
    while len(parts) > 2 and parts[-1] in _BACKUPS:
        parts.pop()
    return (
        'env'
        if 'env' in parts[-2:] and parts[-1] not in (*_JSON, *_YAML, *_PROGRAMS)
        else parts[-1]
    )


def _reader(path: str, data: bytes) -> Settings | None:
    """The module is imported only for a file that needs it."""
    kind = ending(path)
    if kind in _JSON or (kind == 'ipynb') or (data[:1] in (b'{', b'[') and kind in ('txt', path)):
        from keylint.readers.json import settings  # noqa: PLC0415

        return settings
    if kind in _YAML:
        from keylint.readers.yaml import settings as yaml_settings  # noqa: PLC0415

        return yaml_settings
    if kind == 'properties':
        from keylint.readers.key_value import properties  # noqa: PLC0415

        return properties
    if kind in _SECTIONS:
        from keylint.readers.key_value import settings as section_settings  # noqa: PLC0415

        return section_settings
    if kind in TABLES:
        from keylint.readers.csv import settings as table_settings  # noqa: PLC0415

        return table_settings
    if kind in _LOGINS:
        from keylint.readers.netrc import settings as login_settings  # noqa: PLC0415

        return login_settings
    return None


__all__ = ['ending', 'settings_of']
