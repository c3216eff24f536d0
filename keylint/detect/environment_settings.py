"""Evidence for an environment in the settings of a structured document."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.model import Setting
from keylint.detect.environment_marks import Evidence, IssuerMarks, declares_only
from keylint.rules.rule_set import RuleSet

_MAX_VALUE_BYTES = 200
# Nobody has more switches in one mapping; of lists of thousands of accounts the first are enough.
_MAX_UNDER = 200
_MAX_DEPTH = 20

Told = tuple[tuple[str, ...], Evidence]


class SettingEvidence:
    """What the settings tell of one issuer's keys, by the mappings that hold it."""

    def __init__(self, settings: Sequence[Setting], marks: IssuerMarks, pack: RuleSet) -> None:
        self._under: dict[tuple[str, ...], list[Told]] = {}
        for setting in settings:
            parent = setting.path[:-1]
            for one in _read_setting(setting, marks, pack):
                for depth in range(min(len(parent), _MAX_DEPTH) + 1):
                    rows = self._under.setdefault(parent[:depth], [])
                    if len(rows) < _MAX_UNDER or depth == len(parent):
                        rows.append((parent, one))

    def under(self, mapping: tuple[str, ...]) -> list[Told]:
        """Return the evidence in a mapping and in those inside of it, each with its mapping."""
        return self._under.get(mapping, [])


def _read_setting(setting: Setting, marks: IssuerMarks, pack: RuleSet) -> list[Evidence]:
    name = next((part for part in reversed(setting.path) if not part.isdigit()), '')
    text = setting.value[:_MAX_VALUE_BYTES]
    start, end = setting.start, setting.end
    value = text.decode('utf-8', 'replace').strip()
    switch = marks.read_switch(name, value, start, end, pack)
    found = [switch] if switch is not None else []
    if not declares_only(name) and b'${' not in text:
        found += [one._replace(start=start, end=end) for one in marks.find_hosts(text)]
    return found
