"""Name findings: the rule's id, and digests that stay the same when lines move."""

from __future__ import annotations

from collections.abc import Iterable

from keylint.core.digests import blake2b
from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Finding, SecretPart
from keylint.core.terms import LEADING
from keylint.rules.builtin import GENERIC_RULES
from keylint.validators.randomness import is_random

# Bytes below which a value could be guessed from its digest.
_MIN_STRONG_BYTES = 16
_URL_SEPARATORS = defer_regex(rb'[/?&=#;]')


def rule_id(credential_rule: str) -> str:
    """Return the id of the rule for an issuer's credentials."""
    return credential_rule if credential_rule in GENERIC_RULES else f'{credential_rule}-credential'


def leading_hit(hits: tuple[SecretPart, ...]) -> SecretPart:
    """Choose the part that names a credential: the first secret one, else the first."""
    return next((hit for hit in hits if hit.role in LEADING), hits[0])


def fingerprint_credential(path: str, rule: str, hit: SecretPart) -> str:
    """Return the digest that names a credential over moves of lines.

    A guessable value is named by its path and name: reports are published, and a digest of it would
    let others find it by trying.
    """
    subject = hit.value
    if is_guessable(hit):
        subject = b'\x00'.join([path.encode('utf-8', 'surrogateescape'), hit.name.encode()])
    return make_digest(rule, subject)


def locate_credential(rule: str, hit: SecretPart) -> str:
    """Return what names a guessable value within its file.

    Empty where the fingerprint names the value.
    """
    return make_digest(rule, hit.name.encode()) if is_guessable(hit) else ''


def _is_weak(role: str, length: int) -> bool:
    """Tell whether a value of so many bytes could be guessed from its digest, whatever it is."""
    return role in ('password', 'passphrase') or length < _MIN_STRONG_BYTES


def is_guessable(hit: SecretPart) -> bool:
    """Tell whether a value is weak or looks made by a person: no file may keep a digest of it.

    Reports, baselines and previews all ask this one question.

    In a URL everything but its secret is known, so only the parts that may be secret count.
    """
    if hit.role in ('private-key', 'mnemonic'):
        return False
    _, mark, rest = hit.value.partition(b'://')
    if _is_weak(hit.role, len(hit.value)):
        return True
    if not mark:
        return not is_random(hit.value)
    authority, _, path = rest.partition(b'/')
    user, mark, _ = authority.rpartition(b'@')
    parts = [user.partition(b':')[2] or user] if mark else _URL_SEPARATORS.split(path)
    return not any(not _is_weak(hit.role, len(part)) and is_random(part) for part in parts)


def make_digest(rule: str, subject: bytes) -> str:
    """Return 32 hexadecimal digits of BLAKE2b, keyed by the rule."""
    return blake2b(
        subject, key=rule.encode()[:64], digest_size=16, person=b'keylint-v1'
    ).hexdigest()


def join_fingerprints(rule: str, findings: Iterable[Finding]) -> str:
    """Return the fingerprint of one finding that stands for many: another value is another one."""
    return make_digest(rule, '|'.join(sorted({one.fingerprint for one in findings})).encode())
