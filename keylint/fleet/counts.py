"""Write counts with their nouns."""

from __future__ import annotations


def format_count(count: int, noun: str) -> str:
    """Format `1 repository`, `2 repositories`."""
    plural = f'{noun[:-1]}ies' if noun.endswith('y') else f'{noun}s'
    return f'{count:,} {noun if count == 1 else plural}'
