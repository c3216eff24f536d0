"""Dates as they stand in answers and inventories: ISO texts, seconds and milliseconds since 1970, days of a rotation policy."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_DAY = re.compile(r'(\d{4})-(\d{2})-(\d{2})')
_PERIOD = re.compile(r'(\d{1,6})\s*(d|day|days|w|week|weeks|m|month|months|y|year|years)?')
_UNITS = {'d': 1, 'w': 7, 'm': 30, 'y': 365}
# Dates before exchanges had keys mean `never`.
_FIRST_YEAR = 2009


def read_date(text: str) -> str | None:
    """The day as YYYY-MM-DD, or None for `never`, for nothing, and for what is no date."""
    text = text.strip().strip('"\'')
    if re.fullmatch(r'\d{9,13}(?:\.\d+)?', text):
        seconds = float(text) / (1000 if len(text.split('.')[0]) > 11 else 1)
        day = datetime.fromtimestamp(seconds, UTC).date()
    else:
        match = _DAY.match(text)
        try:
            day = date(*(int(part) for part in match.groups())) if match else date.min
        except ValueError:
            return None
    return day.isoformat() if day.year >= _FIRST_YEAR else None


def days_between(earlier: str, later: str) -> int:
    """Days from one day to another, both YYYY-MM-DD."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def lifetime(text: str) -> int | None:
    """The days that a policy such as `90d`, `90` or `3 months` allows; None for what is no period or one of millions."""
    match = _PERIOD.fullmatch(text.strip().lower())
    return int(match.group(1)) * _UNITS[(match.group(2) or 'd')[0]] if match else None


def today() -> str:
    """Today in UTC."""
    return datetime.now(UTC).date().isoformat()
