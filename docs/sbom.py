"""Writes docs/sbom.json.

What the runtime pins of CI install, as CycloneDX 1.6, made by cyclonedx-py. Holds no time and no
serial number.

`python docs/sbom.py [--check] PYTHON`: PYTHON is the interpreter of an environment with
`.ci/requirements-runtime.txt` and nothing else in it. With `--check` it compares with what is
committed. `.ci/pin` and `.ci/run` run it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from keylint import __version__

ROOT = Path(__file__).resolve().parent.parent
SBOM = ROOT / 'docs' / 'sbom.json'


def made(interpreter: str) -> str:
    """Return the document, with the version that pyproject.toml leaves to the package."""
    command = [
        sys.executable,
        '-m',
        'cyclonedx_py',
        'environment',
        '--spec-version',
        '1.6',
        '--output-reproducible',
        '--pyproject',
        str(ROOT / 'pyproject.toml'),
        interpreter,
    ]
    variables = {
        name: value for name, value in os.environ.items() if name != 'SOURCE_DATE_EPOCH'
    }  # it would be written down as the time
    document = json.loads(
        subprocess.run(command, check=True, capture_output=True, env=variables).stdout
    )
    document['metadata']['component']['version'] = __version__
    return json.dumps(document, indent=1, sort_keys=True) + '\n'


def main() -> int:
    """0, or 1 when `--check` finds a difference."""
    text = made(sys.argv[-1])
    if '--check' not in sys.argv:
        SBOM.write_text(text, encoding='utf-8')
        return 0
    if SBOM.read_text(encoding='utf-8') == text:
        return 0
    print('docs/sbom.json is not what the pins install: run .ci/pin', file=sys.stderr)
    return 1


if __name__ == '__main__':
    sys.exit(main())
