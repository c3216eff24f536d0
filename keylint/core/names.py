"""What a name says about the value bound to it: the words in it, the part of a credential, the issuer."""

from __future__ import annotations

import re
from functools import lru_cache

from keylint.core.terms import PartKind

_WORD = re.compile(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+')

# The last words of names whose value is no secret, whatever stands before them.
_HARMLESS_ENDS = frozenset(
    """hash hashes digest address addresses addr name names path paths file filename files dir folder header headers prefix
    suffix field fields type types length len size sizes count counts format algorithm algo alg version label labels title
    description desc regex pattern index uuid guid checksum signature signatures sig sign nonce salt iv pub public placeholder hint
    error errors message messages msg env var variable variables param params ttl date time timeout created color css class selector
    table column col row cache lock sort order foreign primary map fingerprint thumbprint arn endpoint host port enabled
    required manager provider store storage vault helper util utils service handler factory builder reader loader
    parser validator validation rule rules policy policies info status state kind mode mask masked length doc docs page link
    href src icon image img button input output width height policy usage limit limits expiry expires expiration lifetime
    rotation url uri link example test event events code codes scope scopes account owner user username email contract
    digest txid tx block cursor offset symbol pair pairs currency coin coins asset decimals supply balance price amount
    stream topic channel group ref reference alias locale lang language text string strings const constant
    js mjs css json html py ts tsx jsx png svg txt md yaml yml toml exe whl jar
    integrity resolved commit sha rev revision tag sum md5 sha1 sha256 sha512""".split()
)
_HARMLESS_ANYWHERE = frozenset(
    """hash checksum digest integrity fingerprint thumbprint signature sig nonce pubkey xpub csrf etag cursor pagination
    continuation sha256 sha1 sha512 md5 txid commit placeholder regex tokenizer tokenize vocab pad eos bos unk sep cls
    listen listenkey sticky idempotency dedupe dedup captcha recaptcha sitekey publishable""".split()
)
_KEY_WORDS_BEFORE_ID = frozenset({'key', 'keys', 'client', 'access', 'apikey', 'accesskey', 'api'})
_PASS_WORDS = frozenset(
    {'passphrase', 'pass', 'password', 'passwd', 'passwort', 'pwd', 'phrase', 'apipassword', 'pw'}
)
# What functions do with a password that is no account's: `validate_password("…")`.
_CHECKS = frozenset({'validate', 'check', 'verify', 'assert', 'is', 'has'})
_MNEMONIC = frozenset(
    {'mnemonic', 'seedphrase', 'seedwords', 'recoveryphrase', 'mnemonics', 'secretphrase', 'bip39'}
)
_PRIVATE = frozenset(
    {
        'privatekey',
        'privkey',
        'prvkey',
        'privatekeys',
        'privkeys',
        'xprv',
        'wif',
        'seed',
        'keypair',
        'privatekeyhex',
        'signerkey',
        'deployerkey',
        'walletkey',
        'walletsecret',
        'ethkey',
        'evmkey',
        'pk',
        'privatepem',
        'pkey',
        'sk',
        'prv',
    }
)
_TOKEN = frozenset(
    {
        'token',
        'bearer',
        'jwt',
        'pat',
        'auth',
        'authorization',
        'oauth',
        'authtoken',
        'tokens',
        'credential',
        'credentials',
        'creds',
        'cred',
    }
)
_KEYS = frozenset(
    {
        'key',
        'apikey',
        'keyid',
        'accesskey',
        'clientid',
        'appkey',
        'keys',
        'apikeys',
        'accesskeyid',
        'ak',
        'publickey',
    }
)

# Words that tell the part and nothing of whose it is; what is left of a name is its stem.
ROLE_WORDS = frozenset(
    """api key keys secret token pass passphrase password passwd pwd private access id client app apikey secretkey accesskey
    phrase auth consumer public pk sk pem str value hex mnemonic seed""".split()
)


@lru_cache(maxsize=65536)
def words_of(name: str) -> tuple[str, ...]:
    """The words of an identifier in lower case: `binanceAPIKey_2` gives `binance`, `api`, `key`, `2`."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=65536)
def squeezed(name: str) -> str:
    """Letters and digits of a name in lower case: `X-MBX-APIKEY` gives `xmbxapikey`."""
    return ''.join(c for c in name.lower() if c.isalnum())


def _trimmed(words: tuple[str, ...]) -> list[str]:
    """The words without trailing numbers and plural copies such as `_2` or `v1`."""
    kept = list(words)
    while len(kept) > 1 and (
        kept[-1].isdigit()
        or kept[-1]
        in (
            'v',
            'str',
            'value',
            'val',
            'raw',
            'bytes',
            'hex',
            'b64',
            'base64',
            'live',
            'prod',
            'main',
            'test',
            'testnet',
            'mainnet',
            'paper',
            'here',
            'string',
            'demo',
            'sandbox',
            'old',
            'new',
            'tmp',
            'backup',
            'default',
            'option',
        )
    ):
        kept.pop()
    return kept


def _is_harmless(words: list[str]) -> bool:
    last = words[-1]
    if last == 'id':
        return len(words) < 2 or words[-2] not in _KEY_WORDS_BEFORE_ID
    if last in _HARMLESS_ENDS and not (
        last in ('private', 'auth') or {'private', 'secret'} & set(words[-2:])
    ):
        return True
    return any(word in _HARMLESS_ANYWHERE for word in words)


@lru_cache(maxsize=65536)
def role_of(name: str) -> tuple[PartKind, bool] | None:
    """The part of a credential that a name speaks of, and whether it says so beyond doubt.

    `BINANCE_API_SECRET` gives ('secret', True); a bare `key` gives ('api-key', False); `order_id` gives None.
    """
    words = words_of(name)
    if not words or len(words) > 12:
        return None
    if (
        words[-2:] == ('hmac', 'new')
    ):  # what Python and Go sign requests with: its first argument in the one, its second in the other
        return 'secret', True
    kept = _trimmed(words)
    if _is_harmless(kept) or ('public' in kept and kept[-1] not in ('key', 'keys')):
        return None
    joined = ''.join(kept)
    return _private_role(kept, joined) or _shared_role(kept, joined)


def _private_role(words: list[str], joined: str) -> tuple[PartKind, bool] | None:
    if any(word in _MNEMONIC for word in words) or any(joined.endswith(end) for end in _MNEMONIC):
        return 'mnemonic', True
    if ('phrase' in words or 'words' in words) and {
        'seed',
        'recovery',
        'wallet',
        'secret',
        'backup',
    } & set(words):
        return 'mnemonic', True
    if words[-1] == 'id':
        return None
    if any(
        joined.endswith(end)
        for end in (
            'privatekey',
            'privkey',
            'prvkey',
            'privatepem',
            'xprv',
            'keypair',
            'signerkey',
            'deployerkey',
            'walletkey',
            'secretseed',
        )
    ):
        return 'private-key', True
    if 'private' in words and ('key' in words or 'keys' in words or 'pem' in words):
        return 'private-key', True
    if 'secret' in words or 'secret' in joined:
        return 'secret', len(words) > 1 or joined != 'secret'
    if words[-1] in _PASS_WORDS and words[0] not in _CHECKS:
        return ('passphrase' if 'phrase' in joined else 'password'), True
    if words[-1] in _PRIVATE:
        return 'private-key', len(words) > 1
    if 'extended' in words and words[-1] == 'key':
        return 'private-key', True
    return None


def _shared_role(words: list[str], joined: str) -> tuple[PartKind, bool] | None:
    last = words[-1]
    if last in _TOKEN:
        return 'token', len(words) > 1
    if last == 'id' or last in _KEYS or joined.endswith('apikey'):
        if (len(words) == 1 and last == 'key') or 'public' in words:
            return 'api-key', False
        strong = bool(
            {'api', 'access', 'apikey', 'client', 'accesskey', 'app', 'consumer'} & set(words)
        ) or joined.endswith('apikey')
        return 'api-key', strong
    if words[0] in ('bearer', 'token') and len(words) == 1:
        return 'token', False
    if last in ('webhook', 'dsn') or joined.endswith('webhook'):
        return 'url', True
    return None
