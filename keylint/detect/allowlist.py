"""Tell what is never a finding: placeholders, published samples, known and encrypted values."""

from __future__ import annotations

from binascii import a2b_base64

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.names import squeeze_name
from keylint.rules.digest import digest_value
from keylint.rules.rule_set import RuleSet
from keylint.validators.checksums import is_sample_jwt
from keylint.validators.placeholders import is_placeholder
from keylint.validators.randomness import is_random
from keylint.validators.wallets import is_address

# The last form is that of detect-secrets' baselines.
_HASH_BEFORE = defer_regex(
    rb'(?i)(?:sha(?:1|256|384|512)|md5|integrity|checksum|etag|digest|0x[0-9a-f]*)'
    rb'["\']?[-:= ]{1,4}$'
    rb'|"hashed_secret": ?"?$'
)
_HASH_NAME_BYTES = 24
# A line of git's own log: two commits, who and when.
_REFLOG = defer_regex(rb'[0-9a-f]{40} [0-9a-f]{40} [^\n<]{0,80}<')
_MAX_COMMIT_BYTES = 42
# Addresses that everybody may know: of Ethereum, of Stellar.
_ADDRESS = defer_regex(rb'0x[0-9a-fA-F]{29,41}|G[A-Z2-7]{55}')
_FILE_NAME = defer_regex(
    rb'[A-Za-z0-9_\-./]+\.(?:[cm]?js|css|map|json|html?|pyc?|tsx?|png|jpe?g|svg|gif|woff2?|ttf|txt'
    rb'|md|ya?ml|toml|pem|key|whl|zip|gz|tar|tgz|so|dll|exe)'
)
# A name that one digit fills up to the length of an address: `TokenOfTheTest1111…`.
_MADE_UP = defer_regex(rb'(?=.{20,64}\Z)[A-Za-z][\w-]*?([0-9])\1{11,}')
_QUOTED = defer_regex(rb'%([0-9A-Fa-f]{2})')
_LOGIN = defer_regex(rb'[a-z0-9+]{1,30}://([^:/@\s]*+):([^/@\s]++)@([^:/\s?]*+)', re.IGNORECASE)
# Where errors are sent to: the key in it is public, since programs for everybody carry it. The form
# with a second, secret key is none of these. Source: docs.sentry.io, "DSN explainer".
_SENTRY = defer_regex(
    rb'(?:https?:)?//[0-9a-f]{32}@(?:(?:[\w-]+\.)*(?:sentry\.io|getsentry\.com)|sentry\.[\w.-]+)'
    rb'/[0-9]+\Z'
)
_LOCAL = defer_regex(
    rb'localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal|[a-z][a-z0-9_\-]*',
    re.IGNORECASE,
)
# {"sub":"1234567890 in base64: the token that every page about them shows
_JWT_SAMPLE = b'eyJzdWIiOiIxMjM0NTY3ODkw'
# A JSON Web Token whose signature is none: letters only, a few bytes again and again, or that of
# the token which pages about them show (jwt.io), put behind another payload. Or words behind the
# head alone: `.payload.signature`, `.example`.
_UNSIGNED = defer_regex(
    rb'eyJ[\w-]+\.eyJ[\w-]+\.(?:[A-Za-z_-]{0,24}|([\w-]{1,8}?)\1{4,}[\w-]{0,7}'
    rb'|(?:SflKxwRJSMeKKF2QT4|TJVA95OrM7E2cBab30)[\w-]*)\Z'
    rb'|eyJ[\w-]+\.(?:[A-Za-z_-]{1,24}\.)?[A-Za-z_-]{1,24}\Z'
)
# A salted hash, or an encrypted text behind what it was encrypted with: in hexadecimal digits.
_SALTED = defer_regex(rb'[0-9a-f]{24,32}:(?:[0-9a-f]{32}:)?[0-9a-f]{96,}')
_ENCRYPTED_NAME = defer_regex(r'(?i)encrypted|cipher_?text')
_ENCRYPTED_VALUE = defer_regex(
    rb'[0-9a-f]{24,32}:(?:[0-9a-f]{32}:)?[0-9a-f]{16,}|eyJ[\w+/-]{40,}={0,2}(?![\w.])'
)
_MASKED = defer_regex(rb'X{3}.*X{3}|x{3}.*x{3}|0{16}')
_MAX_MASKED_BYTES = 80
_MIN_URL_PASSWORD_BYTES = 6
_MAX_REPEATED_CHARS = 24
_SIMPLE = defer_regex(rb'[a-z]{3,12}[0-9]{0,4}!?')
_BASE64 = re.compile(rb'[A-Za-z0-9+/_-]{11,400}={0,2}')
_FROM_URLS = bytes.maketrans(b'-_', b'+/')
_PRINTABLE = defer_regex(rb'[ -~]{8,}\n?')
_URL_PIECES = defer_regex(rb'[/?&=]')
_PATH_LIKE = defer_regex(rb'(?:\.{0,2}/)?(?:[A-Za-z][A-Za-z0-9_\-]*/){2,}[A-Za-z0-9_\-]*')
# What is public or no value: the head of a JWT alone, ids with an address of a chain, an address
# without its `0x` in the mixed case of a checksum, a type, a private key that is too short, a coin
# of another chain, a constant of libsodium, the name of an account of NEAR, a model of a widget in
# a notebook, the scope of a selector in a style sheet.
_PUBLIC_FORMS = defer_regex(
    rb'eyJ(?:hbGciOi|0eXAiOi)[A-Za-z0-9_-]{4,60}'
    rb'|(?:[\w.\-]+:)+0x[0-9a-fA-F]{40}(?:[:/_\-].*)?'
    rb'|(?=[0-9A-F]*[a-f])(?=[0-9a-f]*[A-F])[0-9a-fA-F]{40}'
    rb'|(?:Big)?(?:Ui|I)nt\d{1,2}(?:Clamped)?Array|Float\d{2}Array'
    rb'|0x[0-9a-fA-F]{0,50}|0x([A-Za-z0-9])\1{15,}|ibc/[0-9A-F]{64}'
    rb'|crypto_[a-z0-9]+(?:_[a-z0-9]+)*(?:_[A-Z]+)+'
    rb'|(?:[a-z0-9_-]+\.){1,4}near|IPY_MODEL_[0-9a-f]{32}|\[?data-v-[0-9a-f]{8}(?:\].*)?'
)
# The path of a request, which has a version among its names: `/api/v3/avgPrice`.
_ROUTE = defer_regex(rb'/?(?:[A-Za-z][A-Za-z_\-]*/){0,4}v\d{1,2}(?:/[A-Za-z][A-Za-z_\-]*){1,6}/?')


def is_allowlisted(value: bytes, pack: RuleSet) -> bool:
    """Tell whether a value is not a secret, regardless of its name."""
    if is_placeholder(value, pack.placeholders) or _encodes_placeholder(value, pack):
        return True
    if _PATH_LIKE.fullmatch(value) and not is_random(value.replace(b'/', b'')):
        return True
    if _ROUTE.fullmatch(value) or _UNSIGNED.match(value) or _PUBLIC_FORMS.fullmatch(value):
        return True
    if _JWT_SAMPLE in value or (len(value) <= _MAX_MASKED_BYTES and _MASKED.search(value)):
        return True
    if is_sample_jwt(value) or is_address(value) or _MADE_UP.fullmatch(value):
        return True
    if _ADDRESS.fullmatch(value) or _FILE_NAME.fullmatch(value) or b'EXAMPLE' in value:
        return True
    return is_public(value, pack)


def _encodes_placeholder(value: bytes, pack: RuleSet) -> bool:
    """Tell whether a value is base64 of what would be no secret: of words, of a template."""
    plain = value.rstrip(b'=').translate(_FROM_URLS)
    if not _BASE64.fullmatch(value) or len(plain) % 4 == 1:
        return False
    text = a2b_base64(plain + b'=' * (-len(plain) % 4))
    if _PRINTABLE.fullmatch(text) is None:
        return False
    # Of a user, as `auth` of Docker's configuration has it, or of JSON with one word in it.
    password = text.rpartition(b':')[2].strip(b' {}"')
    return is_placeholder(password, pack.placeholders)


def is_public(value: bytes, pack: RuleSet) -> bool:
    """Tell whether the value is public: a vendor's sample, a development key, a test vector."""
    if value in pack.published or b' '.join(value.split()) in pack.published:
        return True
    return digest_value(value) in pack.known


def is_allowlisted_url(value: bytes, pack: RuleSet) -> bool:
    """Tell whether an address holds no secret.

    Its path holds a placeholder or a sample, or its password is a default one or a local one.
    """
    if _SENTRY.match(value):
        return True
    login = _LOGIN.match(value)
    if login:
        user, password, host = login.groups()
        password = _unquote(password)
        is_weak = (
            password == user
            or password[:1] + password[-1:] == b'[]'  # `redis://:[password]@[host]:[port]`
            or is_placeholder(password, pack.placeholders)
            or _encodes_placeholder(password, pack)
            or len(password) < _MIN_URL_PASSWORD_BYTES
        )
        is_local = _LOCAL.fullmatch(host) is not None
        return is_weak or (is_local and (not is_random(password) or _is_simple(password)))
    pieces = [piece for piece in _URL_PIECES.split(value.split(b'://', 1)[-1])[1:] if piece]
    return not pieces or is_allowlisted(max(pieces, key=len), pack)


def _is_simple(password: bytes) -> bool:
    """Tell whether a password is a word with a number, as everybody has on his own machine."""
    return _SIMPLE.fullmatch(password) is not None


def repeats_name(name: str, value: bytes) -> bool:
    """Tell whether the value only repeats the name: `api_key = "api_key"`."""
    text, own = squeeze_name(value.decode('utf-8', 'replace')), squeeze_name(name)
    if not text:
        return False
    return text in own or (len(text) < _MAX_REPEATED_CHARS and own in text and len(own) > 3)


def is_encrypted(name: str, data: bytes, start: int) -> bool:
    """Tell whether a salted hash begins at an offset, or what a name calls encrypted."""
    return _SALTED.match(data, start) is not None or (
        _ENCRYPTED_NAME.search(name) is not None and _ENCRYPTED_VALUE.match(data, start) is not None
    )


def is_hash_context(data: bytes, start: int) -> bool:
    """Tell whether the text right before a value calls it a hash."""
    if _HASH_BEFORE.search(data[max(0, start - _HASH_NAME_BYTES) : start]) is not None:
        return True
    line = data.rfind(b'\n', max(0, start - _MAX_COMMIT_BYTES), start) + 1
    return _REFLOG.match(data, line) is not None


def _unquote(text: bytes) -> bytes:
    """Decode `%2F` and the like, as in an address. `urllib.parse` does it too, after 8 ms."""
    return _QUOTED.sub(lambda found: bytes.fromhex(found[1].decode()), text)
