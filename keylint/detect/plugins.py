"""Find tokens of vendors without a rule of their own, by the patterns of detect-secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.model import SecretPart
from keylint.core.regex_cache import compile_once
from keylint.detect.allowlist import is_allowlisted
from keylint.matcher.match import Match
from keylint.rules.rule_set import RuleSet

RULE = 'vendor-token'
_MAX_LINE_BYTES = 4000
_MIN_TOKEN_BYTES = 8
# Plugins whose shapes any token has (44 or 48 characters) need the vendor's word on the line.
_VENDOR_WORDS = {
    'ibm_cloud_iam': defer_regex(rb'(?i)ibm|iam|bluemix'),
    'ibm_cos_hmac': defer_regex(rb'(?i)ibm|(?<![a-z])cos(?![a-z])'),
}

# What has the shape of a short token of Artifactory and is none, without its word beside it: a code
# of capitals and digits, an id. The passwords that it encrypts are longer.
_CODE = defer_regex(rb'[A-Z0-9]{8,24}|AP[A-F0-9][A-Za-z0-9]{5,24}')
_ARTIFACTORY = defer_regex(rb'(?i)artifactory|jfrog')


def find_plugin_tokens(
    data: bytes, matches: Iterable[Match], pack: RuleSet
) -> Iterator[SecretPart]:
    """Yield what the plugins find on the lines where their patterns match."""
    seen: set[tuple[int, int]] = set()
    for pattern, end in matches:
        if pattern.kind != 'plugin':
            continue
        start = data.rfind(b'\n', 0, end) + 1
        if (pattern.row, start) in seen:
            continue
        seen.add((pattern.row, start))
        stop = data.find(b'\n', end)
        line = data[start : stop if stop >= 0 else len(data)][:_MAX_LINE_BYTES]
        module, text, flags = pack.plugins[pattern.row]
        word = _VENDOR_WORDS.get(module)
        if word is not None and not word.search(line):
            continue
        for value in _find_values(compile_once(text, flags), line):
            place = line.find(value)
            if module == 'artifactory' and _is_id(value, line):
                continue
            if len(value) >= _MIN_TOKEN_BYTES and place >= 0 and not is_allowlisted(value, pack):
                first = start + place
                yield SecretPart(RULE, 'token', value, first, first + len(value), 'medium', module)


def _is_id(value: bytes, line: bytes) -> bool:
    return _CODE.fullmatch(value) is not None and _ARTIFACTORY.search(line) is None


def _find_values(expression: re.Pattern[str], line: bytes) -> Iterator[bytes]:
    """Yield the values of a line: the groups of the pattern, or what it matches as a whole."""
    for match in expression.finditer(line.decode('latin-1')):
        for secret in match.groups() or (match[0],):
            if secret:
                yield secret.encode('latin-1').strip(b'"\' \t\r\n=:')
