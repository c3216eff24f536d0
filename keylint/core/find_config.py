"""Find the configuration file of a folder."""

import os


def find_config(folder: str) -> str | None:
    """Find the nearest `keylint.toml`, or `pyproject.toml` with keylint's table, going upwards."""
    folder = os.path.abspath(folder)
    while True:
        own = os.path.join(folder, 'keylint.toml')
        if os.path.isfile(own):
            return own
        project = os.path.join(folder, 'pyproject.toml')
        if _has_our_table(project):
            return project
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, '.git')):
            return None
        folder = parent


def _has_our_table(path: str) -> bool:
    if not os.path.isfile(path):  # rejects a device or a pipe of this name
        return False
    try:
        with open(path, 'rb') as file:
            return b'tool.keylint' in file.read()
    except OSError:
        return False
