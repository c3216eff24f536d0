"""Limits of the readers: how much of one text is read, and how much of the result is kept."""

from __future__ import annotations

# Each setting takes some hundred bytes of memory.
MAX_SETTINGS = 400_000
MAX_LEVELS = 100
# The parse of a larger text is not kept: each reader parses it again.
KEPT_BYTES = 8_000_000
TOO_DEEP = f'nested deeper than {MAX_LEVELS} levels: what lies below is not read'
