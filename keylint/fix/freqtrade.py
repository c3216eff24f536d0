"""Let freqtrade read `FREQTRADE__SECTION__KEY`, which it puts over its configuration.

Source: https://www.freqtrade.io/en/stable/configuration/
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from keylint.core.model import Setting
from keylint.fix.edits import (
    Edit,
    MovedValue,
    RepairedFile,
    SecretSpan,
    UnfixableError,
    apply_edits,
)
from keylint.fix.names import Names
from keylint.fix.settings import find_setting
from keylint.readers.formats import format_of
from keylint.readers.parsed import ParsedText
from keylint.readers.settings import read_settings

# What marks a configuration of freqtrade beside `exchange.name`; two of them are enough.
_KEYS = frozenset(
    'stake_currency stake_amount max_open_trades dry_run trading_mode bot_name'
    ' entry_pricing pairlists timeframe'.split()
)
_MIN_KEYS = 2
_SETTABLE_STEP = re.compile(r'[a-z0-9]+(?:_[a-z0-9]+)*')
# Settings that freqtrade always keeps as texts.
_TEXT_SETTINGS = ('chat_id', 'password')


def is_freqtrade(settings: Sequence[Setting]) -> bool:
    """Tell whether a document is a configuration of freqtrade."""
    top = {setting.path[0] for setting in settings if setting.path}
    has_exchange = any(setting.path == ('exchange', 'name') for setting in settings)
    return has_exchange and len(top & _KEYS) >= _MIN_KEYS


def fix_freqtrade(
    data: bytes, spans: Sequence[SecretSpan], settings: Sequence[Setting], names: Names
) -> RepairedFile:
    """Return the configuration with empty texts for the values.

    Raises UnfixableError if freqtrade cannot set a value, or would read it differently: it converts
    texts of the environment to numbers and booleans.
    """
    moves: list[MovedValue] = []
    edits: list[Edit] = []
    for span in spans:
        setting = find_setting(settings, span)
        _check_settable(data, setting)
        name = 'FREQTRADE__' + '__'.join(setting.path).upper()
        moves.append(MovedValue(name, setting.value.decode()))
        edits.append(Edit(setting.start, setting.end, b''))
    made = apply_edits(data, dict.fromkeys(edits))
    after = read_settings(ParsedText(made), format_of('config.json'), '')
    has_same_paths = [setting.path for setting in after] == [setting.path for setting in settings]
    if not has_same_paths or not _is_still_json(data, made):
        raise UnfixableError('no JSON that can be parsed, before or after the change')
    names.keep(moves)
    says = ', '.join(dict.fromkeys(move.name for move in moves))
    return RepairedFile(made, tuple(dict.fromkeys(moves)), says)


def _check_settable(data: bytes, setting: Setting) -> None:
    """Raise UnfixableError if freqtrade cannot take the setting from the environment as it is."""
    steps = setting.path
    if not all(_SETTABLE_STEP.fullmatch(step) and not step.isdigit() for step in steps):
        raise UnfixableError(
            f'freqtrade cannot set {".".join(steps)} from the environment: '
            'it knows small letters and no lists there'
        )
    if data[setting.start - 1 : setting.start] != b'"':
        raise UnfixableError('it is not a quoted text')
    if steps[-1] not in _TEXT_SETTINGS and _reads_as_number(setting.value.decode()):
        raise UnfixableError(
            'freqtrade would take it for a number when it comes from the environment'
        )


def _reads_as_number(value: str) -> bool:
    """Tell whether freqtrade converts a text of the environment to a number or a boolean."""
    try:
        float(value)
    except ValueError:
        return value.lower() in ('t', 'true', 'f', 'false')
    return True


def _is_still_json(before: bytes, after: bytes) -> bool:
    """Tell whether the file is JSON if it was; freqtrade also reads comments in it."""
    return not _is_json(before) or _is_json(after)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True
