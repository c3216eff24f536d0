"""Bounds of the readers: how much of one text is read, and how much of that is kept."""

from __future__ import annotations

# Each setting takes some hundred bytes of memory.
MAX_SETTINGS = 400_000
MAX_LEVELS = 100
# What is parsed from a larger text is not kept: it is parsed again by each reader.
KEPT_BYTES = 8_000_000
TOO_DEEP = f'nested deeper than {MAX_LEVELS} levels: what lies below is not read'
