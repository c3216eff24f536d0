"""Write a configuration with the settings that most people change."""

from __future__ import annotations

import os
import tomllib

from keylint.commands.setup.edits import DOCS, EditRefusedError, Plan, append_block, read_text
from keylint.core.find_config import find_config

_SETTINGS = (
    'severity = "low"  # lowest severity shown\n'
    'fail-on = "low"  # lowest severity that makes the exit code 1\n'
    'exclude = []  # globs\n'
)
_OWN_FILE = f'#:schema {DOCS}/keylint.schema.json\n# {DOCS}/configuration/\n{_SETTINGS}'
_PROJECT_TABLE = f'[tool.keylint]  # {DOCS}/configuration/\n{_SETTINGS}'


def plan_configuration(folder: str) -> Plan:
    """Plan `[tool.keylint]` where there is a pyproject.toml that can take it, else keylint.toml."""
    found = find_config(folder)
    if found:
        return os.path.relpath(found, folder), lambda text: (None, 'configures keylint already')
    project = os.path.join(folder, 'pyproject.toml')
    if os.path.isfile(project) and not os.path.islink(project) and _takes_table(project):
        return 'pyproject.toml', lambda text: (
            append_block(text or '', _PROJECT_TABLE),
            '[tool.keylint]',
        )
    return 'keylint.toml', lambda text: (_OWN_FILE, 'a configuration')


def _takes_table(path: str) -> bool:
    """Tell whether a table at the end leaves all else as it is."""
    try:
        text = read_text(path) or ''
        before, after = tomllib.loads(text), tomllib.loads(append_block(text, _PROJECT_TABLE))
    except (EditRefusedError, tomllib.TOMLDecodeError):
        return False
    added = after['tool'].pop('keylint')
    return bool(added) and (after == before or after == {**before, 'tool': {}})
