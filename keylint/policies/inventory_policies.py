"""Check what an inventory says of a key beside its rights: label, dates, account, reference."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.dates import days_between, parse_date, parse_rotation_days
from keylint.core.key_model import Violation
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import KeyDeclaration
from keylint.policies.view import View

# Words by which an inventory says that the exchange does not know a key any more, and those by
# which it says that nothing uses it.
_REVOKED = frozenset('revoked deleted removed destroyed gone cancelled'.split())
_RETIRED = frozenset('retired rotated replaced disabled inactive unused old ended'.split())
# Labels that tell a key from no other.
_EMPTY_LABELS = frozenset(
    'test key api apikey new old bot mykey main default untitled unnamed temp tmp key1 1 x'.split()
)
_NEVER = frozenset('never none no 0 off manual unlimited forever'.split())
# Where a secret lies open: on a disk, in a note, in a chat. Managers and the environment do not.
_PLAIN_FILE = defer_regex(
    r'(?i)(?:file|path):'
    r'|(?:^|[\s/~])[\w.-]+\.(?:txt|env|json|ya?ml|ini|cfg|md|docx?|xlsx?|csv|pem)$'
    r'|\b(?:plain ?text|desktop|downloads|notes?|notepad|spreadsheet|e-?mail|chat|slack|telegram'
    r'|paper|screenshot)\b'
)
_MANAGED = defer_regex(
    r'(?i)^(?:env|vault|op|aws|arn|gcp|gcloud|azure|keyring|keychain|doppler|infisical|bitwarden|bw'
    r'|sops|age|pass|ssm|asm|secretsmanager|sm|k8s|kubernetes|docker|1password|akeyless|conjur'
    r'|projects)\b'
)


def is_revoked(declaration: KeyDeclaration) -> bool:
    """Tell whether an inventory says that the exchange has deleted the key."""
    return declaration.source == 'inventory' and declaration.status.lower() in _REVOKED


def is_retired(declaration: KeyDeclaration) -> bool:
    """Tell whether an inventory says that nothing uses the key any more."""
    return declaration.source == 'inventory' and declaration.status.lower() in _RETIRED


def check_inventory_entry(view: View) -> Iterator[Violation]:
    """Name what an entry of an inventory does not say, and should."""
    declaration = view.declaration
    if declaration.source != 'inventory':
        return
    yield from _check_label(view)
    yield from _check_rotation(view)
    if is_retired(declaration):
        message = f'Its status is {declaration.status}, and it is not said to be revoked.'
        yield view.violate('key-unused', 'retired', message, 'label')
    if declaration.permissions is None and not declaration.unknown:
        has_list = declaration.restriction not in ('unknown', 'unstated')
        what = 'What it may do' if has_list else 'Neither what it may do nor from where'
        yield view.violate('key-rights-not-stated', 'else', f'{what} is stated.', 'permissions')
    if len(declaration.used_by) > 1:
        users = ', '.join(declaration.used_by)
        yield view.violate('key-shared', 'else', f'Used by {users}.', 'used_by')


def check_secret(view: View) -> Iterator[Violation]:
    """Name a secret that stands in an inventory, or that is kept where anybody may read it."""
    declaration = view.declaration
    if declaration.source == 'inventory' and declaration.inline:
        yield view.violate(
            'key-secret-inline', 'else', 'A value stands where a reference belongs.', 'secret'
        )
    reference = declaration.secret_ref
    if _PLAIN_FILE.search(reference) and not _MANAGED.match(reference):
        yield view.violate(
            'key-secret-unprotected', 'else', f'It is kept in {reference}.', 'secret_ref'
        )


def _check_label(view: View) -> Iterator[Violation]:
    label = view.declaration.label.strip().lower()
    if not label:
        yield view.violate(
            'key-no-label', 'else', 'Nothing tells this key from its siblings.', 'label'
        )
    elif ''.join(label.split()) in _EMPTY_LABELS:
        message = f'"{label}" says neither which bot nor which machine.'
        yield view.violate('key-no-label', 'else', message, 'label')


def _check_rotation(view: View) -> Iterator[Violation]:
    """Name a key without a date for its rotation, or with one that never comes."""
    declaration, longest = view.declaration, view.limits['longest-rotation-days']
    rotation = declaration.rotate_after.strip().lower()
    days = parse_rotation_days(rotation)
    created = parse_date(declaration.created)
    if not (rotation or declaration.expires):
        message, case = 'Neither rotate_after nor expires is given.', 'else'
    elif rotation in _NEVER and not declaration.expires:
        message, case = f'rotate_after is {rotation}.', 'never'
    elif days is not None and days > longest:
        message, case = f'rotate_after is {rotation}; {longest} days are the most.', 'never'
    elif created and days_between(view.today, created) > 1:
        message, case = f'created, {created}, lies in the future.', 'never'
    else:
        return
    yield view.violate('key-no-rotation', case, message, 'created')


def check_account(view: View) -> Iterator[Violation]:
    """Name an account without a second factor, or with one that a stolen number opens."""
    declaration = view.declaration
    factor = declaration.second_factor.lower()
    if declaration.two_factor is False:
        case, message = 'else', 'The account has no second factor.'
    elif any(word in factor for word in ('sms', 'text message', 'phone call', 'voice')):
        case, message = 'sms', f'The second factor of the account is {factor}.'
    elif 'mail' in factor:
        case, message = 'sms', 'The second factor of the account is a mail.'
    else:
        return
    yield view.violate('account-without-2fa', case, message, 'two_factor')


def check_dates(view: View) -> Iterator[Violation]:
    """Name a key that is older than it may be, or expired."""
    declaration = view.declaration
    if not (declaration.created or declaration.expires) or is_retired(declaration):
        return
    created, expires = parse_date(declaration.created), parse_date(declaration.expires)
    allowed = parse_rotation_days(declaration.rotate_after) or view.limits['max-age-days']
    age = days_between(created, view.today) if created else None
    if age is not None and age > allowed:
        yield view.violate(
            'key-stale',
            'else',
            f'Created {age} days before {view.today}; the rotation policy allows {allowed}.',
            'created',
        )
    if expires and days_between(expires, view.today) > 0:
        yield view.violate('key-expired', 'else', f'Expired on {expires}.', 'expires')
