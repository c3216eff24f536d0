"""Make violations: the severity and the texts of a policy, filled with the exchange's own words."""

from __future__ import annotations

from keylint.core.key_model import Violation
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import KeyDeclaration
from keylint.core.terms import Environment, Permission
from keylint.findings.severity import violation_severity
from keylint.rules.declaration_types import DeclarationSpec
from keylint.rules.rule_set import RuleSet

# What a day changes in a message about an old key; the fingerprint must stay.
_AGE = defer_regex(r'(?<!\d)\d{1,9} days before [\d-]+')
_KEY = defer_regex(r'\bkey\b')
_UNKNOWN_EXCHANGE = DeclarationSpec('exchange')


def make_violation(
    pack: RuleSet, rule: str, case: str, message: str, declaration: KeyDeclaration | None = None
) -> Violation:
    """Make the violation of a policy by a declaration, or by a text or code that names no exchange.

    `case` chooses the severity. Whoever calls it says where it points.
    """
    if declaration is None:
        return _fill_template(pack, rule, case, message, (None, 'unknown', ''))
    subject = declaration.issuer, declaration.environment, _identity_of(declaration)
    violation = _fill_template(pack, rule, case, message, subject)
    title = _name_key(violation.title, declaration.label)
    return violation._replace(title=title, declaration=declaration)


def _name_key(title: str, label: str) -> str:
    """Put the label of a key behind the word: `Kraken key "grid" may withdraw`."""
    if not label:
        return title
    named, found = _KEY.subn(lambda word: f'{word[0]} "{label}"', title, count=1)
    return named if found else f'{title} "{label}"'


def make_code_violation(
    pack: RuleSet, rule: str, case: str, message: str, issuer: str | None
) -> Violation:
    """Make the violation of a policy by code that uses a key of `issuer`."""
    return _fill_template(pack, rule, case, message, (issuer, 'unknown', issuer or ''))


def _identity_of(declaration: KeyDeclaration) -> str:
    """Tell a key from its siblings, whatever is said of it."""
    return '|'.join(
        [declaration.issuer or '', declaration.account, declaration.label, declaration.document]
    )


def declaration_identity(rule: str, declaration: KeyDeclaration, message: str) -> str:
    """Return what the fingerprint of a violation is made from."""
    return f'{rule}|{_identity_of(declaration)}|{message}'


def _fill_template(
    pack: RuleSet, rule: str, case: str, message: str, subject: tuple[str | None, Environment, str]
) -> Violation:
    """Fill the policy's texts.

    `subject` is the issuer, the environment, and the identity of the key.
    """
    issuer, environment, identity = subject
    policy = pack.policies[rule]
    words = _words_of_exchange(issuer, pack)
    title = policy.title.format(**words)
    why = ' '.join(policy.why.format(**words).split())
    return Violation(
        rule=rule,
        severity=violation_severity(policy, case, environment),
        title=title[:1].upper() + title[1:],
        message=f'{message} {why}',
        steps=tuple(step.format(**words) for step in policy.do),
        identity=f'{rule}|{identity}|{_AGE.sub("", message)}',
        why=why,
    )


def _words_of_exchange(issuer: str | None, pack: RuleSet) -> dict[str, str]:
    """Look up the exchange's own words for what the texts speak of."""
    rule = pack.rules.get(issuer or '')
    table = rule.declarations if rule else _UNKNOWN_EXCHANGE
    manage = rule.manage if rule else None
    return {
        'name': table.name,
        'manage': manage or f'the key page of {table.name}',
        'take_withdraw': _describe_removal('withdraw', table, 'Withdraw'),
        'take_transfer': _describe_removal('transfer', table, 'Transfer'),
        'take_admin': _describe_removal('admin', table, 'Manage API keys'),
        'ip': table.ip.ui or 'IP whitelist',
        'unrestricted': table.ip.unrestricted or '',
    }


def _describe_removal(permission: Permission, table: DeclarationSpec, default: str) -> str:
    """Describe how a permission is taken away, by the narrowest box that grants it.

    `default` stands for a box that nobody knows.
    """
    if table.page.rights == 'none':
        return 'Keep no more money there than this key may lose: it has no rights to take away'
    granting = [box for box in table.page.boxes if permission in box.permissions]
    best = min(granting, key=lambda box: (not box.is_offered, len(box.permissions)), default=None)
    if table.page.rights == 'approval' and not (best and best.is_offered):
        return 'Give the bot a key that is approved for trading alone'
    return f'Untick "{best.label if best else default}" for this key'
