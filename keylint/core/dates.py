"""Dates in API answers and inventories: ISO texts, epoch times, days of a rotation policy."""

from __future__ import annotations

from datetime import UTC, date, datetime

from keylint.core.lazy_patterns import defer_regex

_DAY = defer_regex(r'(\d{4})-(\d{2})-(\d{2})')
_EPOCH = defer_regex(r'\d{9,13}(?:\.\d+)?')
# Numbers with more digits than this are milliseconds.
_MAX_DIGITS_OF_SECONDS = 11
_PERIOD = defer_regex(r'(\d{1,6})\s*(d|day|days|w|week|weeks|m|month|months|y|year|years)?')
_DAYS = {'d': 1, 'w': 7, 'm': 30, 'y': 365}
# Dates before the first exchange issued keys mean `never`.
_FIRST_YEAR = 2009


def parse_date(text: str) -> str | None:
    """Parse a date into YYYY-MM-DD.

    Returns None for `never`, an empty text, or anything else that is not a date.
    """
    text = text.strip().strip('"\'')
    if _EPOCH.fullmatch(text):
        is_milliseconds = len(text.split('.')[0]) > _MAX_DIGITS_OF_SECONDS
        day = datetime.fromtimestamp(float(text) / (1000 if is_milliseconds else 1), UTC).date()
    else:
        match = _DAY.match(text)
        try:
            day = date(*(int(part) for part in match.groups())) if match else date.min
        except ValueError:
            return None
    return day.isoformat() if day.year >= _FIRST_YEAR else None


def days_between(earlier: str, later: str) -> int:
    """Count the days from one day to another, both YYYY-MM-DD."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def parse_rotation_days(text: str) -> int | None:
    """Parse a rotation period such as `90d`, `90` or `3 months` into days.

    Returns None for anything else and for more than six digits.
    """
    match = _PERIOD.fullmatch(text.strip().lower())
    return int(match.group(1)) * _DAYS[(match.group(2) or 'd')[0]] if match else None
