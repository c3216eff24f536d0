"""Read the settings of a structured text by its format."""

from __future__ import annotations

from keylint.core.model import Setting
from keylint.readers.formats import Format
from keylint.readers.parsed import ParsedText

_MAX_BYTES = 8_000_000


def read_settings(text: ParsedText, form: Format, path: str) -> tuple[Setting, ...]:
    """List the settings of a document; none for other texts and for those too large or too broken to read."""
    if len(text.data) > _MAX_BYTES:
        return ()
    if form.settings == 'json' or (text.data[:1] in (b'{', b'[') and form.ending in ('txt', path)):
        return text.json.settings()
    if form.settings == 'yaml':
        return text.yaml.settings() or ()
    if form.settings == 'properties':
        return text.sections.properties()
    if form.settings == 'sections':
        return text.sections.settings()
    if form.settings == 'table':
        from keylint.readers.csv import settings as table_settings  # noqa: PLC0415 - each reader only for its format

        return table_settings(text.data)
    if form.settings == 'login':
        from keylint.readers.netrc import settings as login_settings  # noqa: PLC0415

        return login_settings(text.data)
    return ()
