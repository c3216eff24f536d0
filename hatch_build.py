"""Make the README that PyPI shows: its links lead to the repository, as nothing lies beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

PAGES = 'https://github.com/keylint/keylint/blob/main/'
FILES = 'https://raw.githubusercontent.com/keylint/keylint/main/'
# A link or a picture to a path: no address, no place on the same page.
_LINK = re.compile(r'(!?)(\[[^\]\[]*\]\()(?![a-z][a-z0-9+.-]*:|#)([^)\s]+\))')


def make_links_absolute(text: str) -> str:
    """Return Markdown whose links and pictures work away from the repository."""
    return _LINK.sub(lambda m: m[1] + m[2] + (FILES if m[1] else PAGES) + m[3], text)


class AbsoluteReadme(MetadataHookInterface):
    """Give the metadata its README."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the field `readme`."""
        text = (Path(self.root) / 'README.md').read_text(encoding='utf-8')
        metadata['readme'] = {'content-type': 'text/markdown', 'text': make_links_absolute(text)}
