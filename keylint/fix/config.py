"""Repair configuration files whose readers support variables; explain why others are not."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from keylint.fix.compose import fix_compose, is_compose
from keylint.fix.edits import RepairedFile, SecretSpan, UnfixableError
from keylint.fix.freqtrade import fix_freqtrade, is_freqtrade
from keylint.fix.lookups import write_lookups
from keylint.fix.names import Names
from keylint.readers.formats import format_of
from keylint.readers.parsed import ParsedText
from keylint.readers.settings import read_settings

_YAML = ('yaml', 'yml')
_KUBERNETES = re.compile(rb'(?m)^apiVersion:')
_REASONS = {
    'json': (
        'JSON has no variables, '
        'and only the program that reads it can take the value from elsewhere'
    ),
    'yaml': (
        'YAML has no variables of its own, and what reads this file is not known; '
        'let the program read the environment'
    ),
    'toml': (
        'TOML has no variables; let the program that reads it take the value from the environment'
    ),
    'ini': (
        'the program that reads this file decides where the value may come from; '
        'let it read the environment'
    ),
    'workflow': 'store it as a secret of the repository and write ${{ secrets.NAME }} here',
    'kubernetes': (
        'a manifest has no variables; '
        'create the Secret outside of the repository (sealed, external or by hand)'
    ),
    'terraform': (
        'declare a variable with `sensitive = true` and set it as TF_VAR_name in the environment'
    ),
    'shell': 'read it from the environment: ${NAME:?}',
    'docker': 'an image keeps what ENV and ARG set; give it when the container starts (--env-file)',
}
_KINDS = {
    'json': 'json',
    'jsonc': 'json',
    'json5': 'json',
    'yaml': 'yaml',
    'yml': 'yaml',
    'toml': 'toml',
    'ini': 'ini',
    'cfg': 'ini',
    'conf': 'ini',
    'properties': 'ini',
    'tf': 'terraform',
    'tfvars': 'terraform',
    'sh': 'shell',
    'bash': 'shell',
    'zsh': 'shell',
    'dockerfile': 'docker',
}


def fix_config(data: bytes, path: str, spans: Sequence[SecretSpan], names: Names) -> RepairedFile:
    """Return the file without the values.

    Raises UnfixableError if its reader does not support variables.
    """
    settings = read_settings(ParsedText(data), format_of(path), path)
    kind = format_of(path).ending
    has_services = any(setting.path[:1] == ('services',) for setting in settings)
    if kind in _YAML and is_compose(path) and has_services:
        return fix_compose(data, path, spans, settings, names)
    if kind in ('json', 'jsonc') and is_freqtrade(settings):
        return fix_freqtrade(data, spans, settings, names)
    raise UnfixableError(_explain_refusal(data, path, kind, spans))


def _explain_refusal(data: bytes, path: str, kind: str, spans: Sequence[SecretSpan]) -> str:
    """Say what to do instead, in this kind of file."""
    if '.github/workflows/' in f'/{path}':
        return _REASONS['workflow']
    if kind in _YAML and _KUBERNETES.search(data):
        return _REASONS['kubernetes']
    if os.path.basename(path).lower().startswith('dockerfile'):
        return _REASONS['docker']
    if kind in _KINDS:
        return _REASONS[_KINDS[kind]]
    lookups = write_lookups(kind, (span.name for span in spans))
    if lookups:
        return f'only Python is edited; read it from the environment here: {lookups}'
    return 'files of this kind are not edited; move it out by hand'
