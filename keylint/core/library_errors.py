"""Say where a library found a mistake, without a word of what it was reading."""

from __future__ import annotations

from keylint.core.late_patterns import defer_regex

_PLACE = defer_regex(r'\bline \d+,? column \d+|\bat end of document')


def describe_library_error(error: BaseException) -> str:
    """Return the type of an error of a library, and the line and column that it names.

    What else it says may quote what it was reading.
    """
    place = _PLACE.search(str(error))
    return f'{type(error).__name__} ({place[0]})' if place else type(error).__name__
