"""Say where a library found a mistake, without quoting its input."""

from __future__ import annotations

from keylint.core.lazy_patterns import defer_regex

_PLACE = defer_regex(r'\bline \d+,? column \d+|\bat end of document')


def describe_library_error(error: BaseException) -> str:
    """Return the type of a library's error, and the line and column that it names.

    The rest of its message may quote its input.
    """
    place = _PLACE.search(str(error))
    return f'{type(error).__name__} ({place[0]})' if place else type(error).__name__
