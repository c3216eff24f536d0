"""Make what a wheel holds beside the modules: the README for PyPI, and the compiled rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

PAGES = 'https://github.com/keylint/keylint/blob/main/'
FILES = 'https://raw.githubusercontent.com/keylint/keylint/main/'
# A link or a picture to a path: no address, no place on the same page.
_LINK = re.compile(r'(!?)(\[[^\]\[]*\]\()(?![a-z][a-z0-9+.-]*:|#)([^)\s]+\))')
_WRITER = 'keylint.rules.write_built'
# Databases are compiled anew for each wheel, unless this names a folder that has them.
_CACHE = 'KEYLINT_CACHE_DIR'


def make_links_absolute(text: str) -> str:
    """Return Markdown whose links and pictures work away from the repository."""
    return _LINK.sub(lambda m: m[1] + m[2] + (FILES if m[1] else PAGES) + m[3], text)


class AbsoluteReadme(MetadataHookInterface):
    """Give the metadata its README: its links lead to the repository."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the field `readme`."""
        text = (Path(self.root) / 'README.md').read_text(encoding='utf-8')
        metadata['readme'] = {'content-type': 'text/markdown', 'text': make_links_absolute(text)}


class CompiledRules(BuildHookInterface[Any]):
    """Put the compiled rules into the wheel, so that the first run of keylint does not make them.

    Where they cannot be made the wheel does without them: the first run takes some seconds then.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files, and have them included; an editable install compiles its own."""
        if version == 'editable':
            return
        self._folder = TemporaryDirectory()
        built, cache = Path(self._folder.name, 'built'), os.environ.get(_CACHE, self._folder.name)
        built.mkdir()
        environment = {name: text for name, text in os.environ.items() if 'KEYLINT_' not in name}
        environment |= {'PYTHONPATH': os.pathsep.join([self.root, *sys.path])}
        environment |= {_CACHE: cache, 'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONHASHSEED': '0'}
        line = [sys.executable, '-m', _WRITER, str(built)]
        done = subprocess.run(line, env=environment, capture_output=True, check=False)
        if done.returncode:
            reason = done.stderr.decode(errors='replace').strip().rpartition('\n')[2]
            self.app.display_warning(f'the wheel holds no compiled rules: {reason}')
            return
        files = sorted(path for path in built.iterdir())
        build_data['force_include'] |= {
            str(path): f'keylint/data/built/{path.name}' for path in files
        }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete the files, which lie in the wheel now."""
        if version != 'editable':
            self._folder.cleanup()
