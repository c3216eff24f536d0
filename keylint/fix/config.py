"""Configuration: Compose files read `${NAME}`, freqtrade reads `FREQTRADE__…`; for all others the reason why nothing can stand in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence

from keylint.core.model import Setting
from keylint.fix.edits import Edit, Move, Repaired, Spot, Unfixable, applied
from keylint.fix.names import Names
from keylint.readers.formats import format_of
from keylint.readers.parsed import ParsedText
from keylint.readers.settings import read_settings

# What marks a configuration of freqtrade beside `exchange.name`: https://www.freqtrade.io/en/stable/configuration/
_FREQTRADE = frozenset(
    'stake_currency stake_amount max_open_trades dry_run trading_mode bot_name entry_pricing pairlists timeframe'.split()
)
_COMPOSE = re.compile(r'(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml', re.IGNORECASE)
_NAME = re.compile(r'[A-Za-z_]\w*')
_LONGEST_NAME = 200
_ASSIGNED = re.compile(rb'([A-Za-z_]\w*)=\Z')
_STEP = re.compile(r'[a-z0-9]+(?:_[a-z0-9]+)*')
_REASONS = {
    'json': 'JSON has no variables, and only the program that reads it can take the value from elsewhere',
    'yaml': 'YAML has no variables of its own, and what reads this file is not known; let the program read the environment',
    'toml': 'TOML has no variables; let the program that reads it take the value from the environment',
    'ini': 'the program that reads this file decides where the value may come from; let it read the environment',
    'workflow': 'store it as a secret of the repository and write ${{ secrets.NAME }} here',
    'kubernetes': 'a manifest has no variables; create the Secret outside of the repository (sealed, external or by hand)',
    'terraform': 'declare a variable with `sensitive = true` and set it as TF_VAR_name in the environment',
    'shell': 'read it from the environment: ${NAME:?}',
    'docker': 'an image keeps what ENV and ARG set; give it when the container starts (--env-file)',
}
_KINDS = {
    'json': 'json',
    'jsonc': 'json',
    'json5': 'json',
    'yaml': 'yaml',
    'yml': 'yaml',
    'toml': 'toml',
    'ini': 'ini',
    'cfg': 'ini',
    'conf': 'ini',
    'properties': 'ini',
    'tf': 'terraform',
    'tfvars': 'terraform',
    'sh': 'shell',
    'bash': 'shell',
    'zsh': 'shell',
    'dockerfile': 'docker',
}


def fix(data: bytes, path: str, spots: Sequence[Spot], names: Names) -> Repaired:
    """The file without the values. Raises Unfixable with the reason where what reads it knows no variables."""
    settings = read_settings(ParsedText(data), format_of(path), path)
    kind = format_of(path).ending
    if (
        kind in ('yaml', 'yml')
        and is_compose(path)
        and any(s.path[:1] == ('services',) for s in settings)
    ):
        return _compose(data, path, spots, settings, names)
    if kind in ('json', 'jsonc') and _is_freqtrade(settings):
        return _freqtrade(data, spots, settings, names)
    raise Unfixable(_why(data, path, kind))


def is_compose(path: str) -> bool:
    """Whether Compose reads a file of this name, and with it the `.env` beside it."""
    return bool(_COMPOSE.fullmatch(os.path.basename(path)))


def _why(data: bytes, path: str, kind: str) -> str:
    if '.github/workflows/' in f'/{path}':
        return _REASONS['workflow']
    if kind in ('yaml', 'yml') and re.search(rb'(?m)^apiVersion:', data):
        return _REASONS['kubernetes']
    kind = 'dockerfile' if os.path.basename(path).lower().startswith('dockerfile') else kind
    return _REASONS.get(
        _KINDS.get(kind, ''), 'files of this kind are not edited; move it out by hand'
    )


def _setting_at(settings: Sequence[Setting], spot: Spot) -> Setting:
    found = next(
        (
            setting
            for setting in settings
            if setting.start <= spot.start and spot.end <= setting.end
        ),
        None,
    )
    if found is None:
        raise Unfixable('it does not stand in a value of the document; delete it there')
    return found


def _compose(
    data: bytes, path: str, spots: Sequence[Spot], settings: Sequence[Setting], names: Names
) -> Repaired:
    """Compose puts variables of the `.env` beside the file into every value: https://docs.docker.com/reference/compose-file/interpolation/"""
    wanted: list[Spot] = []
    values: list[str] = []
    for spot in spots:
        setting = _setting_at(settings, spot)
        raw = data[spot.start : spot.end].decode()
        if raw not in setting.value.decode('utf-8', 'replace') or '\n' in raw or '\\' in raw:
            raise Unfixable(
                'it is written with escapes or over several lines; put ${NAME} there by hand'
            )
        assigned = _ASSIGNED.search(data, max(0, spot.start - _LONGEST_NAME), spot.start)
        own = assigned[1].decode() if assigned else setting.path[-1]
        wanted.append(
            spot._replace(name=own)
            if _NAME.fullmatch(own) and setting.path[-2:-1] == ('environment',)
            else spot
        )
        values.append(
            raw.replace('$$', '$').replace("''", "'")
            if data[setting.start - 1 : setting.start] == b"'"
            else raw.replace('$$', '$')
        )
    chosen = names.choose(wanted, values, data)
    made = applied(
        data,
        [
            Edit(spot.start, spot.end, b'${%b}' % name.encode())
            for spot, name in zip(spots, chosen, strict=True)
        ],
    )
    _same(data, made, [data[spot.start : spot.end].decode() for spot in spots], chosen)
    named = ', '.join(f'${{{name}}}' for name in dict.fromkeys(chosen))
    return Repaired(
        made, tuple(dict.fromkeys(map(Move, chosen, values))), named, os.path.dirname(path)
    )


def _same(before: bytes, after: bytes, values: Sequence[str], names: Sequence[str]) -> None:
    """Raises Unfixable unless the documents say the same but for the variables."""
    # Only where a Compose file is mended.
    import yaml  # noqa: PLC0415

    from keylint.core.safe_yaml import parse_events  # noqa: PLC0415

    try:
        old, new = (list(parse_events(text)) for text in (before, after))
    except yaml.YAMLError:
        raise Unfixable('no YAML that can be parsed, before or after the change') from None
    if len(old) != len(new):
        raise Unfixable(
            '${NAME} would change the form of the document here; put the value in quotes first'
        )
    for one, other in zip(old, new, strict=True):
        was, now = getattr(one, 'value', None), getattr(other, 'value', None)
        for value, name in zip(values, names, strict=True):
            if isinstance(was, str) and isinstance(now, str) and was != now:
                was = was.replace(value, f'${{{name}}}')
        if type(one) is not type(other) or was != now:
            raise Unfixable('${NAME} would change more than the value here')


def _is_freqtrade(settings: Sequence[Setting]) -> bool:
    top = {setting.path[0] for setting in settings if setting.path}
    return (
        any(setting.path == ('exchange', 'name') for setting in settings)
        and len(top & _FREQTRADE) > 1
    )


def _freqtrade(
    data: bytes, spots: Sequence[Spot], settings: Sequence[Setting], names: Names
) -> Repaired:
    """freqtrade puts `FREQTRADE__SECTION__KEY` over its configuration, and reads numbers and truth values out of the text."""
    moves: list[Move] = []
    edits: list[Edit] = []
    for spot in spots:
        setting = _setting_at(settings, spot)
        value = setting.value.decode()
        if not all(_STEP.fullmatch(step) for step in setting.path) or any(
            step.isdigit() for step in setting.path
        ):
            raise Unfixable(
                f'freqtrade cannot set {".".join(setting.path)} from the environment: it knows small letters and no lists there'
            )
        if data[setting.start - 1 : setting.start] != b'"':
            raise Unfixable('it is no text in quotes')
        if setting.path[-1] not in ('chat_id', 'password') and _is_typed(value):
            raise Unfixable(
                'freqtrade would take it for a number when it comes from the environment'
            )
        moves.append(Move('FREQTRADE__' + '__'.join(setting.path).upper(), value))
        edits.append(Edit(setting.start, setting.end, b''))
    made = applied(data, dict.fromkeys(edits))
    if [s.path for s in read_settings(ParsedText(made), format_of('config.json'), '')] != [
        s.path for s in settings
    ] or not _still_json(data, made):
        raise Unfixable('no JSON that can be parsed, before or after the change')
    names.keep(moves)
    return Repaired(
        made, tuple(dict.fromkeys(moves)), ', '.join(dict.fromkeys(move.name for move in moves))
    )


def _is_typed(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return value.lower() in ('t', 'true', 'f', 'false')
    return True


def _still_json(before: bytes, after: bytes) -> bool:
    """Whether the file is JSON if it was; freqtrade also reads comments and trailing commas."""
    try:
        json.loads(before)
    except ValueError:
        return True
    try:
        json.loads(after)
    except ValueError:
        return False
    return True
