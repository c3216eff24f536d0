"""Live, testnet or paper: what the names, the settings and the hosts around a credential say."""

from __future__ import annotations

import re
from functools import lru_cache

from keylint.core.model import Environment
from keylint.core.names import words_of
from keylint.rules.types import Rule

_FLAG = re.compile(
    rb'(?i)["\']?\b(?:use_?|is_?|enable_?)?(test_?net|sandbox(?:_?mode)?|paper(?:_?trad(?:e|ing))?|demo(?:_?mode)?|dry_?run|simulated?|practice)\b'
    rb'["\']?\s*(?::\s*bool\s*)?[=:,(]\s*["\']?(true|false|1\b|0\b|yes\b|no\b|on\b|off\b)'
)
_SANDBOX_CALL = re.compile(rb'(?i)set_?sandbox_?mode\s*\(\s*(?:enabled\s*=\s*)?true')
_TEST_HOST = re.compile(
    rb'(?i)(?:https?|wss?)://[^\s"\'<>]{0,200}(?:testnet|sandbox|devnet|sepolia|goerli|altnet|demo-api|api-demo|fxpractice)'
)
_LIVE_HOST = re.compile(rb'(?i)(?:https?|wss?)://[^\s"\'<>]{0,200}mainnet')
_NAMED = re.compile(
    rb'(?i)\b(?:environment|env|mode|network|net|account_type)["\']?\s*[=:]\s*["\']?'
    rb'(testnet|sandbox|paper|demo|practice|uat|test|live|mainnet|production|prod)\b'
)
_ON = frozenset((b'true', b'1', b'yes', b'on'))
_TEST_WORDS = frozenset(
    'testnet sandbox uat practice demo testing sepolia goerli holesky mumbai amoy fuji devnet ropsten rinkeby kovan'.split()
)
_PAPER_WORDS = frozenset(('paper', 'simulated', 'papertrading'))
_LIVE_WORDS = frozenset(('live', 'mainnet', 'prod', 'production'))
_PAPER_FLAGS = (b'paper', b'dryrun', b'simul')
_AROUND = 1200


def environment_of(
    data: bytes, start: int, end: int, names: tuple[str, ...], rule: Rule | None
) -> Environment:
    """The environment of the credential whose parts span `start:end` of a fragment."""
    words = {word for name in names for word in words_of(name)}
    environments = rule.environments if rule else {}
    for environment, marks in environments.items():
        if words & set(marks.words):
            return environment
    if words & _TEST_WORDS:
        return 'testnet'
    if words & _PAPER_WORDS:
        return 'paper'
    if words & _LIVE_WORDS:
        return 'live'
    around = data[max(0, start - _AROUND) : end + _AROUND]
    flagged = _flag(around)
    if flagged:
        return flagged
    if _calls_sandbox(data):
        return 'testnet'
    if rule is None:
        return 'unknown'
    lowered = around.lower()
    for environment, marks in environments.items():
        if any(host.lower().encode() in lowered for host in marks.hosts):
            return environment
    if _TEST_HOST.search(around) and not _LIVE_HOST.search(around):
        return 'testnet'
    return 'live' if rule.kind != 'wallet' else 'unknown'


@lru_cache(maxsize=8)
def _calls_sandbox(data: bytes) -> bool:
    """Whether the fragment switches a client to the sandbox anywhere; asked once for each of its credentials."""
    return _SANDBOX_CALL.search(data) is not None


def _flag(around: bytes) -> Environment | None:
    """What a switch such as `sandbox: true` says; a switch that is off says nothing but `live`."""
    for match in _FLAG.finditer(around):
        word = match.group(1).lower().replace(b'_', b'')
        if match.group(2).lower() in _ON:
            return 'paper' if word.startswith(_PAPER_FLAGS) else 'testnet'
    named = _NAMED.search(around)
    if named:
        word = named.group(1).lower()
        if word == b'paper':
            return 'paper'
        return 'live' if word.decode() in _LIVE_WORDS else 'testnet'
    return None
