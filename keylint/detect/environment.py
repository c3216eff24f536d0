"""Tell live from testnet and paper by the names, settings and hosts around a credential."""

from __future__ import annotations

import re
from functools import lru_cache

from keylint.core.names import split_words
from keylint.core.terms import Environment
from keylint.rules.types import Rule

_FLAG = re.compile(
    rb'(?i)["\']?\b(?:use_?|is_?|enable_?)?'
    rb'(test_?net|sandbox(?:_?mode)?|paper(?:_?trad(?:e|ing))?|demo(?:_?mode)?|dry_?run|simulated?'
    rb'|practice)\b'
    rb'["\']?\s*(?::\s*bool\s*)?[=:,(]\s*["\']?'
    rb'(true|false|1\b|0\b|yes\b|no\b|on\b|off\b)'
)
_SANDBOX_CALL = re.compile(rb'(?i)set_?sandbox_?mode\s*\(\s*(?:enabled\s*=\s*)?true')
_TEST_HOST = re.compile(
    rb'(?i)(?:https?|wss?)://[^\s"\'<>]{0,200}'
    rb'(?:testnet|sandbox|devnet|sepolia|goerli|altnet|demo-api|api-demo|fxpractice)'
)
_LIVE_HOST = re.compile(rb'(?i)(?:https?|wss?)://[^\s"\'<>]{0,200}mainnet')
_NAMED = re.compile(
    rb'(?i)\b(?:environment|env|mode|network|net|account_type)["\']?\s*[=:]\s*["\']?'
    rb'(testnet|sandbox|paper|demo|practice|uat|test|live|mainnet|production|prod)\b'
)
_ON = frozenset((b'true', b'1', b'yes', b'on'))
_TEST_WORDS = frozenset(
    """testnet sandbox uat practice demo testing sepolia goerli holesky mumbai amoy fuji devnet
    ropsten rinkeby kovan""".split()
)
_PAPER_WORDS = frozenset(('paper', 'simulated', 'papertrading'))
_LIVE_WORDS = frozenset(('live', 'mainnet', 'prod', 'production'))
_PAPER_FLAGS = (b'paper', b'dryrun', b'simul')
_CONTEXT_BYTES = 1200


def find_environment(
    data: bytes, start: int, end: int, names: tuple[str, ...], rule: Rule | None
) -> Environment:
    """Find the environment of the credential whose parts span `start:end` of a fragment.

    `names` are those of its parts and their parents. Returns `live`, `testnet`, `paper`, `unknown`
    or another one that the rule names.
    """
    around = data[max(0, start - _CONTEXT_BYTES) : end + _CONTEXT_BYTES]
    found = _read_names(names, rule) or _read_switches(around)
    if found:
        return found
    if _calls_sandbox(data):
        return 'testnet'
    if rule is None:
        return 'unknown'
    return _read_hosts(around, rule) or ('live' if rule.kind != 'wallet' else 'unknown')


def _read_names(names: tuple[str, ...], rule: Rule | None) -> Environment | None:
    """Find the environment that names speak of: in the rule's words first."""
    words = {word for name in names for word in split_words(name)}
    environments = rule.environments if rule else {}
    for environment, marks in environments.items():
        if words & set(marks.words):
            return environment
    if words & _TEST_WORDS:
        return 'testnet'
    if words & _PAPER_WORDS:
        return 'paper'
    return 'live' if words & _LIVE_WORDS else None


def _read_hosts(around: bytes, rule: Rule) -> Environment | None:
    """Find the environment that hosts speak of: those of the rule first."""
    lowered = around.lower()
    for environment, marks in rule.environments.items():
        if any(host.lower().encode() in lowered for host in marks.hosts):
            return environment
    is_test = _TEST_HOST.search(around) and not _LIVE_HOST.search(around)
    return 'testnet' if is_test else None


@lru_cache(maxsize=8)
def _calls_sandbox(data: bytes) -> bool:
    """Tell whether the fragment switches a client to the sandbox anywhere.

    It is cached because each credential of a fragment asks.
    """
    return _SANDBOX_CALL.search(data) is not None


def _read_switches(around: bytes) -> Environment | None:
    """Find the environment of a switch such as `sandbox: true`, or of a setting that names it.

    A switch that is off says nothing.
    """
    for match in _FLAG.finditer(around):
        word = match.group(1).lower().replace(b'_', b'')
        if match.group(2).lower() in _ON:
            return 'paper' if word.startswith(_PAPER_FLAGS) else 'testnet'
    named = _NAMED.search(around)
    if named is None:
        return None
    word = named.group(1).lower()
    if word == b'paper':
        return 'paper'
    return 'live' if word.decode() in _LIVE_WORDS else 'testnet'
