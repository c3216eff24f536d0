"""Find tokens of vendors without a rule of their own, by the plugins of detect-secrets.

Imported only when one of their patterns matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from keylint.core.model import SecretPart
from keylint.detect.allowlist import is_allowlisted
from keylint.matcher.match import Match
from keylint.rules.plugins import load_plugin
from keylint.rules.rule_set import RuleSet

RULE = 'vendor-token'
_MAX_LINE_BYTES = 4000
_MIN_TOKEN_BYTES = 8
# Plugins whose shapes any token has (44 or 48 characters) need the vendor's word on the line.
_VENDOR_WORDS = {
    'ibm_cloud_iam': re.compile(rb'(?i)ibm|iam|bluemix'),
    'ibm_cos_hmac': re.compile(rb'(?i)ibm|(?<![a-z])cos(?![a-z])'),
}

# A code of capitals and digits has the shape of a short token of Artifactory, and is none.
_CODE = re.compile(rb'[A-Z0-9]{8,24}')

_load_plugin_once = cache(load_plugin)


def find_plugin_tokens(
    data: bytes, matches: Iterable[Match], pack: RuleSet
) -> Iterator[SecretPart]:
    """Yield what the plugins find on the lines where their patterns match."""
    modules = pack.plugins
    seen: set[tuple[str, int]] = set()
    for pattern, end in matches:
        if pattern.kind != 'plugin':
            continue
        start = data.rfind(b'\n', 0, end) + 1
        module = modules[pattern.row]
        if (module, start) in seen:
            continue
        seen.add((module, start))
        stop = data.find(b'\n', end)
        line = data[start : stop if stop >= 0 else len(data)][:_MAX_LINE_BYTES]
        word = _VENDOR_WORDS.get(module)
        if word is None or word.search(line):
            yield from _analyze_line(module, line, start, pack)


def _analyze_line(module: str, line: bytes, start: int, pack: RuleSet) -> Iterator[SecretPart]:
    """Yield what a plugin finds in a line that begins at `start` of the text."""
    for secret in _load_plugin_once(module).analyze_string(line.decode('latin-1')):
        value = str(secret).encode('latin-1').strip(b'"\' \t\r\n=:')
        place = line.find(value)
        if module == 'artifactory' and _CODE.fullmatch(value):
            continue
        if len(value) >= _MIN_TOKEN_BYTES and place >= 0 and not is_allowlisted(value, pack):
            first = start + place
            yield SecretPart(RULE, 'token', value, first, first + len(value), 'medium', module)
