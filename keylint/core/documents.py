"""Types of the values that JSON documents hold, whether they are read or written."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = (
    'str | int | float | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None'
)
JsonObject: TypeAlias = dict[str, JsonValue]
