"""A text and its parses, each made at most once."""

from __future__ import annotations

from functools import cached_property

TYPE_CHECKING = False  # the readers are imported only for a text of their format
if TYPE_CHECKING:
    from keylint.readers.json import JsonText
    from keylint.readers.key_value import SectionText
    from keylint.readers.yaml import YamlText


class ParsedText:
    """A text in UTF-8 with its parses, each made on first use."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def yaml(self) -> YamlText:
        """Return the text as YAML."""
        from keylint.readers.yaml import YamlText  # noqa: PLC0415 - each reader only for its format

        return YamlText(self.data)

    @cached_property
    def json(self) -> JsonText:
        """Return the text as JSON or a relative of it."""
        from keylint.readers.json import JsonText  # noqa: PLC0415 - as above

        return JsonText(self.data)

    @cached_property
    def sections(self) -> SectionText:
        """Return the text as sections of `key = value` lines."""
        from keylint.readers.key_value import SectionText  # noqa: PLC0415 - as above

        return SectionText(self.data)
