"""Read the settings of a structured text by its format."""

from __future__ import annotations

from keylint.core.model import Setting
from keylint.readers.csv import settings as read_cells
from keylint.readers.formats import Format
from keylint.readers.netrc import settings as read_logins
from keylint.readers.parsed import ParsedText

_MAX_BYTES = 8_000_000


def read_settings(text: ParsedText, form: Format, path: str) -> tuple[Setting, ...]:
    """List the settings of a document.

    The list is empty for other texts, and for documents too large or too broken to read.
    """
    data = text.data
    if len(data) > _MAX_BYTES:
        return ()
    if form.settings == 'json' or (data[:1] in (b'{', b'[') and form.ending in ('txt', path)):
        return text.json.settings()
    if form.settings == 'yaml':
        return text.yaml.settings() or ()
    if form.settings == 'properties':
        return text.sections.properties()
    if form.settings == 'sections':
        return text.sections.settings()
    if form.settings == 'table':
        return read_cells(data)
    if form.settings == 'login':
        return read_logins(data)
    return ()
