"""Recipes of all dossiers, and keys as people write them, for tests that hold both together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from keylint.core.config import Config
from keylint.core.key_model import Violation
from keylint.core.model import DeclarationRecord, KeyDeclaration
from keylint.core.terms import PERMISSIONS, Permission
from keylint.policies.code_permissions import read_code_permissions
from keylint.policies.code_policies import check_code
from keylint.policies.key_policies import check_declaration
from keylint.policies.key_recipes import KeyRecommendation, recommend_key, recommend_keys
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.box_types import KeyPage
from keylint.rules.load import load_rules
from keylint.rules.rule_set import RuleSet
from tests.declarations.entries import declare
from tests.policies.declared import PLACE, call, client

NEEDS: tuple[Permission, ...] = ('read', 'trade', 'margin', 'derivatives', 'transfer', 'withdraw')
_KINDS = ('exchange', 'broker', 'bot-platform')
_DAY = '2026-01-01'


@cache
def load_pack() -> RuleSet:
    return load_rules().pack


def list_issuers() -> list[str]:
    """List the dossiers of all that give keys with rights."""
    return sorted(name for name, rule in load_pack().rules.items() if rule.kind in _KINDS)


def page_of(issuer: str) -> KeyPage:
    return load_pack().rules[issuer].declarations.page


def need_of(issuer: str, *levels: Permission, is_exact: bool = True) -> RequiredPermissions:
    calls = tuple(call(level, level, issuer) for level in PERMISSIONS if level in levels)
    return RequiredPermissions(issuer, (client(issuer),), calls, is_exact)


def recipe_of(issuer: str, *levels: Permission) -> KeyRecommendation:
    return recommend_key(need_of(issuer, 'read', *levels), load_pack(), 'bot', '2026-04-01')


def read_key(issuer: str, words: Sequence[str], purpose: str = '') -> KeyDeclaration:
    """Read the only key of an inventory that a trader wrote, with nothing else wrong about it."""
    lines = [
        f'exchange: {issuer}',
        'label: grid',
        f'permissions: {json.dumps(list(words), ensure_ascii=False)}',
        'ip_allowlist: [52.54.32.109]',
        'created: 2025-12-01',
        'rotate_after: 90d',
        'secret_ref: env:BOT_SECRET',
    ]
    if purpose:
        lines.append(f'purpose: {purpose}')
    text = 'keys:\n  - ' + '\n    '.join(lines) + '\n'
    (found,) = declare(text.encode(), 'keys.yaml', load_pack())
    return found


def judge_key(key: KeyDeclaration, need: RequiredPermissions | None = None) -> list[Violation]:
    """Judge a key by itself, and against the need of the code."""
    config = Config(today=_DAY)
    found = list(check_declaration(key, 'keys.yaml', load_pack(), config))
    if need is not None:
        record = DeclarationRecord('keys.yaml', key, PLACE, ())
        found += check_code([record], {need.issuer: need}, load_pack())
    return found


def read_needs(code: str) -> dict[str | None, RequiredPermissions]:
    """Read what a program needs."""
    return read_code_permissions(['bot.py'], lambda _: code.encode(), load_pack()).needs


def recommend(code: str) -> list[KeyRecommendation]:
    """Recommend keys for a program."""
    return recommend_keys(read_needs(code), load_pack(), 'bot', 90, _DAY)
