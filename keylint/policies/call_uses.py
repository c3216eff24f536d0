"""Uses of a key that are finer than any permission, as the names of calls tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keylint.core.key_model import ApiCall
from keylint.rules.box_types import UseCase

_NAMES: dict[UseCase, re.Pattern[str]] = {
    'deposit': re.compile(r'(?i)deposit'),
    'borrow': re.compile(r'(?i)borrow|loan|repay'),
    'history': re.compile(r'(?i)closed_?orders?|closed_?trades|orders?_?history'),
    'ledger': re.compile(r'(?i)ledger'),
    'stream': re.compile(r'(?i)^(un_?)?watch|websocket|listen_?key|_ws$'),
}


def list_uses(calls: Iterable[ApiCall]) -> list[UseCase]:
    """List the uses that calls are for."""
    names = [call.call for call in calls]
    return [use for use, pattern in _NAMES.items() if any(map(pattern.search, names))]
