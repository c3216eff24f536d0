"""Write JSON that any parser accepts and no reader of logs takes for commands."""

from __future__ import annotations

import json

JsonObject = dict[str, object]


def dump_json(document: object, indent: int | None = None) -> str:
    """Serialise to ASCII without lone surrogates, which strict parsers refuse.

    File names that are not UTF-8 have such surrogates. `##` is written as an escape: `##vso[…]`
    is a command to an Azure agent wherever it stands in a line of a log.
    """
    return json.dumps(_replace_surrogates(document), indent=indent, ensure_ascii=True).replace(
        '##', '\\u0023\\u0023'
    )


def _replace_surrogates(value: object) -> object:
    """Copy a JSON value with lone surrogates replaced by U+FFFD."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
    if isinstance(value, dict):
        return {_replace_surrogates(key): _replace_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_surrogates(item) for item in value]
    return value
