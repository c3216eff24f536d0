"""A small dossier, its examples, and what tests of rule files do with them."""

from __future__ import annotations

import os
from pathlib import Path

from keylint.rules.files import find_mistakes
from keylint.validators.checksums import CHECKS

NAMES = frozenset(CHECKS)


DEFINITION = """\
id: acme
name: Acme
kind: exchange
credentials:
- {role: api-key, shape: '[0-9a-f]{32}'}
- {role: secret, shape: '[0-9a-f]{64}'}
help:
  revoke: [Delete the key]
"""


EXAMPLES = """\
loud:
- file: .env
  roles: [api-key, secret]
  text: |
    ACME_API_KEY={hex:32}
    ACME_API_SECRET={hex:64}
silent:
- file: .env.example
  text: |
    ACME_API_KEY=your_acme_api_key
"""


def write_rules(folder: Path, **files: str) -> Path:
    """Write rule files: `acme` is acme.yaml, `acme_examples` is acme.examples.yaml."""
    for name, text in files.items():
        path = folder / f'{name.replace("_examples", ".examples")}.yaml'
        path.write_text(text, encoding='utf-8')
    return folder


def find_own_mistakes(folder: Path, **files: str) -> list[str]:
    """Return the complaints about the form of these files, without the name of the folder."""
    found = find_mistakes((str(write_rules(folder, **files)),), NAMES)
    return [line.removeprefix(f'{os.path.relpath(folder)}{os.sep}') for line in found]
