"""JSON that any parser takes and no log misreads."""

from __future__ import annotations

import json
from typing import Any


def dumps(document: Any, indent: int | None = None) -> str:
    """ASCII only, no lone surrogates (names that are no UTF-8 have them, strict parsers refuse them).

    `##` is written as an escape: `##vso[…]` in a log is a command to an Azure agent, wherever in the line it stands.
    """
    return json.dumps(_sound(document), indent=indent, ensure_ascii=True).replace(
        '##', '\\u0023\\u0023'
    )


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return (
            value
            if value.isascii()
            else value.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
        )
    if isinstance(value, dict):
        return {_sound(key): _sound(item) for key, item in value.items()}
    return [_sound(item) for item in value] if isinstance(value, list | tuple) else value
