"""Join encrypted keys with their passphrases: alone they open nothing, together they are open."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.model import Candidate, SecretPart
from keylint.core.names import split_words
from keylint.validators.checksums import is_encrypted_pem

_ROLES = ('passphrase', 'password')
# Words of a name that make a passphrase that of a key.
_KEY_WORDS = frozenset(
    """key pem private privkey privatekey ssh rsa ecdsa ed25519 ssl tls cert certificate pgp gpg p12
    pfx pkcs12 jwt signing passphrase phrase""".split()
)


def open_encrypted_keys(
    found: Sequence[list[SecretPart]], candidates: Sequence[Candidate]
) -> list[list[SecretPart]]:
    """Add their passphrases to encrypted keys, and drop the keys that lie without one.

    `found` are the parts of each credential of a fragment, `candidates` all its values.
    """
    if not any(is_encrypted_pem(part.value) for parts in found for part in parts):
        return list(found)
    joined: dict[tuple[int, int], SecretPart] = {}
    kept = []
    for parts in found:
        locked = [part for part in parts if is_encrypted_pem(part.value)]
        phrase = _find_passphrase(locked[0], candidates) if locked else None
        if locked and phrase is None:
            parts = [part for part in parts if part not in locked]
        elif locked and phrase is not None and not any(p.start == phrase.start for p in parts):
            part = _make_part(locked[0].rule, phrase)
            joined[phrase.span] = part
            parts = sorted([*parts, part], key=lambda part: part.start)
        kept.append(parts)
    return [parts for parts in kept if parts and not _is_joined(parts, joined)]


def _is_joined(parts: list[SecretPart], joined: dict[tuple[int, int], SecretPart]) -> bool:
    """Tell whether a credential is nothing but a passphrase that went to its key."""
    spans = {(part.start, part.end) for part in parts}
    return len(parts) == 1 and spans <= joined.keys() and parts[0] not in joined.values()


def _find_passphrase(key: SecretPart, candidates: Sequence[Candidate]) -> Candidate | None:
    """Find the nearest passphrase that may be a key's, by its name or its mapping."""
    possible = [
        candidate
        for candidate in candidates
        if candidate.role in _ROLES
        and not key.start <= candidate.start < key.end
        and (
            not _KEY_WORDS.isdisjoint(split_words(candidate.name))
            or (bool(key.group) and candidate.path[:-1] == key.group[:-1])
        )
    ]
    return min(possible, key=lambda candidate: abs(candidate.start - key.start), default=None)


def _make_part(rule: str, phrase: Candidate) -> SecretPart:
    return SecretPart(
        rule,
        'passphrase',
        phrase.value,
        phrase.start,
        phrase.end,
        'medium',
        phrase.name,
        phrase.path,
    )
