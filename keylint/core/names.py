"""Interpret the name bound to a value: its words, and the part of a credential it stands for."""

from __future__ import annotations

from functools import lru_cache

from keylint.core.lazy_patterns import defer_regex
from keylint.core.terms import PartKind

_WORD = defer_regex(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+')

# Names that end with one of these words do not have a secret as their value.
_HARMLESS_ENDS = frozenset(
    """hash hashes digest address addresses addr name names path paths file filename files dir
    folder header headers prefix suffix field fields type types length len size sizes count
    counts format algorithm algo alg version label labels title description desc regex pattern
    index uuid guid checksum signature signatures sig sign nonce salt iv pub public placeholder
    hint error errors message messages msg env var variable variables param params ttl date time
    timeout created color css class selector table column col row cache lock sort order foreign
    primary map fingerprint thumbprint arn endpoint host port enabled required manager provider
    store storage vault helper util utils service handler factory builder reader loader parser
    validator validation rule rules policy policies info status state kind mode mask masked
    length doc docs page link href src icon image img button input output width height policy
    usage limit limits expiry expires expiration lifetime rotation url uri link example test
    event events code codes scope scopes account owner user username email contract digest txid
    tx block cursor offset symbol pair pairs currency coin coins asset decimals supply balance
    price amount stream topic channel group ref reference alias locale lang language text string
    strings const constant js mjs css json html py ts tsx jsx png svg txt md yaml yml toml exe
    whl jar integrity resolved commit sha rev revision tag sum md5 sha1 sha256 sha512""".split()
)
# The same for words anywhere in the name.
_HARMLESS_ANYWHERE = frozenset(
    """hash checksum digest integrity fingerprint thumbprint signature sig nonce pubkey xpub csrf
    etag cursor pagination continuation sha256 sha1 sha512 md5 txid commit placeholder regex
    tokenizer tokenize vocab pad eos bos unk sep cls listen listenkey sticky idempotency dedupe
    dedup captcha recaptcha sitekey publishable""".split()
)
# Tokens that mark a position in a list, name a coin, or count requests.
_NO_ACCESS = frozenset(
    """page next sync continue resume connection crypto erc20 erc721 spl lp quote collateral reward
    wrapped underlying limit""".split()
)
# The word after the verb: `passValue("…")`.
_PASSED = frozenset(
    ('value', 'values', 'val', 'string', 'str', 'bytes', 'raw', 'default', 'option')
)
# Words of names whose values are public, whatever stands beside them.
_PUBLIC_WORDS = frozenset(
    """order orders trade tx txid hash hashes digest checksum signature commit nonce sha256
    orderid tradeid txhash blockhash""".split()
)
_PUBLIC_STARTS = ('orderid', 'txhash', 'txid', 'tradeid', 'clientorderid', 'blockhash')
_KEY_WORDS_BEFORE_ID = frozenset({'key', 'keys', 'client', 'access', 'apikey', 'accesskey', 'api'})
_PASS_WORDS = frozenset(
    {'passphrase', 'pass', 'password', 'passwd', 'passwort', 'pwd', 'phrase', 'apipassword', 'pw'}
)
# Verbs of functions that take a password which is not a stored one: `validate_password("…")`.
_CHECK_VERBS = frozenset({'validate', 'check', 'verify', 'assert', 'is', 'has'})
_MNEMONIC_WORDS = frozenset(
    {'mnemonic', 'seedphrase', 'seedwords', 'recoveryphrase', 'mnemonics', 'secretphrase', 'bip39'}
)
_PRIVATE_KEY_WORDS = frozenset(
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
_PRIVATE_KEY_ENDS = (
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
_TOKEN_WORDS = frozenset(
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
_KEY_WORDS = frozenset(
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

# Words at the end of a name that say nothing about the value.
_SUFFIXES = (
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
_MAX_WORDS = 12
# Two or more words that name a part beyond doubt, anywhere in the name.
_WHOLE_ROLES = (
    'apikey',
    'accesskey',
    'accesstoken',
    'privatekey',
    'privkey',
    'secretkey',
    'apisecret',
    'apitoken',
    'bottoken',
    'authtoken',
    'appsecret',
    'clientsecret',
    'seedphrase',
    'keyid',
    'apipassword',
    'passphrase',
    'apipass',
    'accesssecret',
    'accessid',
    'clientid',
    'walletkey',
)
# Names of tokens in one word: `bottoken`.
_WHOLE_TOKENS = ('accesstoken', 'apitoken', 'authtoken', 'bottoken', 'refreshtoken')
_MAX_QUALIFIERS = 3

# Words for the part of a credential; the rest of a name is its prefix and names the owner.
ROLE_WORDS = frozenset(
    """api key keys secret token pass passphrase password passwd pwd private access id client app
    apikey secretkey accesskey phrase auth consumer public pk sk pem str value hex mnemonic
    seed""".split()
)

# Endings of environment variables with a part of a credential, after the name of the issuer.
VARIABLE_ENDINGS = {
    'api-key': 'API_KEY',
    'secret': 'API_SECRET',
    'passphrase': 'API_PASSPHRASE',
    'private-key': 'PRIVATE_KEY',
    'mnemonic': 'MNEMONIC',
    'token': 'TOKEN',
    'url': 'URL',
    'password': 'PASSWORD',
}


@lru_cache(maxsize=65536)
def split_words(name: str) -> tuple[str, ...]:
    """Split an identifier into words: `binanceAPIKey_2` gives `binance`, `api`, `key`, `2`."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=65536)
def squeeze_name(name: str) -> str:
    """Return letters and digits of a name in lower case: `X-MBX-APIKEY` gives `xmbxapikey`."""
    return ''.join(c for c in name.lower() if c.isalnum())


def _drop_suffixes(words: tuple[str, ...]) -> list[str]:
    """Drop trailing numbers, versions and words such as `_2`, `v1` or `_testnet`."""
    kept = list(words)
    while len(kept) > 1 and (kept[-1].isdigit() or kept[-1] in _SUFFIXES):
        kept.pop()
    return kept


def _drop_qualifiers(words: list[str]) -> list[str]:
    """Drop the words after a complete role: the issuer, the account, a number.

    Examples: `API_KEY_BINANCE`, `ACCESS_TOKEN_ALICE`, `privkeySub1`. A word that makes the value
    harmless stays: `api_key_hash`.
    """
    if any(word in _HARMLESS_ENDS or word in _HARMLESS_ANYWHERE for word in words):
        return words
    for last in range(len(words) - 1, max(0, len(words) - 1 - _MAX_QUALIFIERS), -1):
        joined = ''.join(words[:last])
        if joined.endswith(_WHOLE_ROLES) and words[last] not in ROLE_WORDS:
            return words[:last]
    return words


def _is_harmless(words: list[str]) -> bool:
    """Tell whether the value of a name with these words is not a secret."""
    if words[-1] == 'token' and words[-2:-1] and words[-2] in _NO_ACCESS:
        return True
    if words[-2:] == ['withdrawal', 'credentials']:
        return True  # the target of a validator's stake, public on chain: eth2, phase 0
    last = words[-1]
    if last == 'id':
        return len(words) < 2 or words[-2] not in _KEY_WORDS_BEFORE_ID
    if last in _HARMLESS_ENDS and not (
        last in ('private', 'auth') or {'private', 'secret'} & set(words[-2:])
    ):
        return True
    return any(word in _HARMLESS_ANYWHERE for word in words)


def is_public_name(name: str) -> bool:
    """Tell whether a name speaks of something public; of a call only its last word counts."""
    words = split_words(name)
    if name.endswith(']'):
        words = words[:-1][-1:]
    return not _PUBLIC_WORDS.isdisjoint(words) or squeeze_name(name).startswith(_PUBLIC_STARTS)


@lru_cache(maxsize=65536)
def find_role(name: str) -> tuple[PartKind, bool] | None:
    """Return the part of a credential that a name denotes, and whether it does so beyond doubt.

    `BINANCE_API_SECRET` gives ('secret', True); a bare `key` gives ('api-key', False); `order_id`
    gives None.
    """
    words = split_words(name)
    if not words or len(words) > _MAX_WORDS or name.endswith(']'):
        return None  # `sign_transaction[1]` is an argument, which only a dossier knows
    # Python and Go sign requests with it; the secret is its first or its second argument.
    if words[-2:] == ('hmac', 'new'):
        return 'secret', True
    kept = _drop_qualifiers(_drop_suffixes(words))
    if 'private' in kept and kept[-1] in ('passphrase', 'password', 'passwd'):
        return ('passphrase' if kept[-1] == 'passphrase' else 'password'), True  # of the key
    if words[0] == 'pass' and words[1:2] and words[1] in _PASSED:
        return None
    if _is_harmless(kept) or ('public' in kept and kept[-1] not in ('key', 'keys')):
        return None
    joined = ''.join(kept)
    return _find_private_role(kept, joined) or _find_shared_role(kept, joined)


def _find_private_role(words: list[str], joined: str) -> tuple[PartKind, bool] | None:
    """Find the part that a name denotes among those that only the owner knows."""
    if any(word in _MNEMONIC_WORDS for word in words) or any(
        joined.endswith(end) for end in _MNEMONIC_WORDS
    ):
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
    if any(joined.endswith(end) for end in _PRIVATE_KEY_ENDS):
        return 'private-key', True
    if 'private' in words and ('key' in words or 'keys' in words or 'pem' in words):
        return 'private-key', True
    if 'secret' in words or 'secret' in joined:
        return 'secret', len(words) > 1 or joined != 'secret'
    if words[-1] in _PASS_WORDS and words[0] not in _CHECK_VERBS:
        return ('passphrase' if 'phrase' in joined else 'password'), True
    if words[-1] in _PRIVATE_KEY_WORDS:
        return 'private-key', len(words) > 1
    if 'extended' in words and words[-1] == 'key':
        return 'private-key', True
    return None


def _find_shared_role(words: list[str], joined: str) -> tuple[PartKind, bool] | None:
    """Find the part among those that are sent with each request: tokens, keys, addresses."""
    last = words[-1]
    if last in _TOKEN_WORDS:
        return 'token', len(words) > 1
    if last == 'id' or last in _KEY_WORDS or joined.endswith('apikey'):
        if (len(words) == 1 and last == 'key') or 'public' in words:
            return 'api-key', False
        strong = bool(
            {'api', 'access', 'apikey', 'client', 'accesskey', 'app', 'consumer'} & set(words)
        ) or joined.endswith('apikey')
        return 'api-key', strong
    if last.endswith(_WHOLE_TOKENS):
        return 'token', True
    if words[0] in ('bearer', 'token') and len(words) == 1:
        return 'token', False
    if last in ('webhook', 'dsn') or joined.endswith('webhook'):
        return 'url', True
    return None
