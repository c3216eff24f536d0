"""Name the settings of a document: by their keys, or by what stands beside a mere value."""

from __future__ import annotations

from collections.abc import Mapping

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import Candidate, Fragment, Setting
from keylint.core.names import find_role, is_public_name, squeeze_name
from keylint.syntax.words import NAME_KEYS, VALUE_KEYS

# What stands before the token in the value of a header. Source: RFC 7617, RFC 6750.
_SCHEME = defer_regex(rb'(?:Basic|Bearer|Token)[ ]+(?=[^\s]+\Z)', re.IGNORECASE)


def name_settings(fragment: Fragment) -> list[Candidate]:
    """Name the settings by their keys; a mere value by what stands beside it: `name`, `label`."""
    settings = fragment.settings
    names: dict[tuple[str, ...], str] = {}
    for setting in settings:
        if setting.path and squeeze_name(setting.path[-1]) in NAME_KEYS:
            text = setting.value.decode('utf-8', 'replace')
            is_telling = find_role(text) is not None or is_public_name(text)
            if setting.path[:-1] not in names and is_telling:
                names[setting.path[:-1]] = text
    return [_drop_scheme(_name_setting(setting, names), fragment.data) for setting in settings]


def _drop_scheme(candidate: Candidate, data: bytes) -> Candidate:
    """Leave out the scheme before the token of a header: `Bearer`, which the text leaves out too.

    Otherwise one token would be two findings.
    """
    scheme = _SCHEME.match(candidate.value)
    if scheme is None or not data.startswith(scheme.group(), candidate.start):
        return candidate
    size = scheme.end()
    return candidate._replace(value=candidate.value[size:], start=candidate.start + size)


def _name_setting(setting: Setting, names: Mapping[tuple[str, ...], str]) -> Candidate:
    name, path = name_of_path(setting.path), setting.path
    if squeeze_name(name) in VALUE_KEYS and path[-1:] == (name,) and path[:-1] in names:
        name = names[path[:-1]]
        path = (*path[:-2], name)  # as if the list of such pairs was a mapping
    return Candidate(name, setting.value, setting.start, setting.end, path)


def name_of_path(path: tuple[str, ...]) -> str:
    """Return the last key of a path that is no index of a list."""
    return next((part for part in reversed(path) if not part.isdigit()), '')
