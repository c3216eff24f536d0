"""What is never a finding: placeholders, published samples, values that everybody knows, encrypted values."""

from __future__ import annotations

import re

from keylint.core.names import squeezed
from keylint.rules.rule_set import Pack
from keylint.validators.placeholders import is_placeholder
from keylint.validators.randomness import is_random

# The last form is that of detect-secrets' baselines.
_HASH_BEFORE = re.compile(
    rb'(?i)(?:sha(?:1|256|384|512)|md5|integrity|checksum|etag|digest|0x[0-9a-f]*)["\']?[-:= ]{1,4}$|"hashed_secret": ?"?$'
)
_ADDRESS = re.compile(rb'0x[0-9a-fA-F]{40}')
_FILE_NAME = re.compile(
    rb'[A-Za-z0-9_\-./]+\.(?:[cm]?js|css|map|json|html?|pyc?|tsx?|png|jpe?g|svg|gif|woff2?|ttf|txt|md|ya?ml|toml|pem|key|whl|zip|gz|tar|tgz|so|dll|exe)'
)
_LOGIN = re.compile(rb'[a-z0-9+]{1,30}://([^:/@\s]*+):([^/@\s]++)@([^:/\s?]*+)', re.IGNORECASE)
_LOCAL = re.compile(
    rb'localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal|[a-z][a-z0-9_\-]*',
    re.IGNORECASE,
)
_JWT_SAMPLE = b'eyJzdWIiOiIxMjM0NTY3ODkw'  # {"sub":"1234567890 in base64: the token that every page about them shows
_MASKED = re.compile(rb'X{3}.*X{3}|x{3}.*x{3}|0{16}')
_LONGEST_MASKED = 80
_PIECES = re.compile(rb'[/?&=]')
_PATH_LIKE = re.compile(rb'(?:\.{0,2}/)?(?:[A-Za-z][A-Za-z0-9_\-]*/){2,}[A-Za-z0-9_\-]*')


def is_silent(value: bytes, pack: Pack) -> bool:
    """Whether a value is no secret whatever the name says."""
    if is_placeholder(value, pack.placeholders):
        return True
    if _PATH_LIKE.fullmatch(value) and not is_random(value.replace(b'/', b'')):
        return True
    if _JWT_SAMPLE in value or (len(value) <= _LONGEST_MASKED and _MASKED.search(value)):
        return True
    if _ADDRESS.fullmatch(value) or _FILE_NAME.fullmatch(value) or b'EXAMPLE' in value:
        return True
    return is_public(value, pack)


def is_public(value: bytes, pack: Pack) -> bool:
    """Whether everybody knows the value: a vendor's sample, a development key, a test vector."""
    if value in pack.published or b' '.join(value.split()) in pack.published:
        return True
    from keylint.rules.digest import digest  # noqa: PLC0415 - hashlib is loaded only when there is a candidate

    return digest(value) in pack.known


def is_silent_url(value: bytes, pack: Pack) -> bool:
    """Whether an address holds no secret: a placeholder or a sample in its path, a default or local password."""
    login = _LOGIN.match(value)
    if login:
        user, password, host = login.groups()
        is_weak = (
            password == user or is_placeholder(password, pack.placeholders) or len(password) < 6
        )
        return is_weak or (_LOCAL.fullmatch(host) is not None and not is_random(password))
    pieces = [piece for piece in _PIECES.split(value.split(b'://', 1)[-1])[1:] if piece]
    return not pieces or is_silent(max(pieces, key=len), pack)


def repeats_name(name: str, value: bytes) -> bool:
    """Whether the value only repeats the name: `api_key = "api_key"`."""
    text = squeezed(value.decode('utf-8', 'replace'))
    return bool(text) and (
        text in squeezed(name)
        or (len(text) < 24 and squeezed(name) in text and len(squeezed(name)) > 3)
    )


def is_hash_context(data: bytes, start: int) -> bool:
    """Whether the text right before a value calls it a hash."""
    return _HASH_BEFORE.search(data[max(0, start - 24) : start]) is not None
