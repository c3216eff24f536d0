"""Types of the values in JSON documents, for reading and writing."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = (
    'str | int | float | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None'
)
JsonObject: TypeAlias = dict[str, JsonValue]
