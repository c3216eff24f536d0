"""Words and operators that join a name and a value, in any language."""

from __future__ import annotations

# A longer string or line is not a name, and of a longer name only the end is read.
MAX_LABEL_CHARS = 40
MAX_NAME_BYTES = 240
# Keywords of programs that name a value only if followed by an operator.
STATEMENTS = frozenset(('pass',))
# Quotes, also as entities of HTML; backslashes before them do not count.
QUOTES = frozenset((b'"', b"'", b'`', b'"""', b"'''", b'&quot;', b'&#34;', b'&#39;', b'&apos;'))
# Operators between a name and its value: `=`, `:=`, `=>`, `->`, `<-`, `~`.
ASSIGNMENTS = frozenset(
    b'= : := :: => -> <- ?= += |= ||= ??= &= .= == === != !== ~ ~> := :-'.split()
) | {
    '\N{RIGHTWARDS ARROW}'.encode(),
    '\N{FULLWIDTH COLON}'.encode(),
    '\N{FULLWIDTH EQUALS SIGN}'.encode(),
    '\N{EM DASH}'.encode(),
    '\N{EN DASH}'.encode(),
}
# Operators between alternatives: the left one is tried first, the right one is the default.
FALLBACKS = frozenset(b'or || ?? ?: | :- else unless'.split())
CONCATENATIONS = frozenset(b'+ . .. <> ++ <<'.split())
# A line that ends with one of these continues on the next.
CONTINUES = (
    ASSIGNMENTS
    | CONCATENATIONS
    | FALLBACKS
    | frozenset((b',', b'>', b'>-', b'|-', b'>+', b'|+', b'-', b'(', b'|', b'return'))
)

# Keys whose value belongs to the name beside it: `{"name": "API_KEY", "value": "…"}`.
VALUE_KEYS = frozenset(
    """value val values default data content text string str raw plain plaintext v secretstring body
    initialvalue defaultvalue defaultfactory initial const fallback current stringvalue stringdata
    contents fieldvalue paramvalue parametervalue setting answer input placeholder usevalue keyvalue
    envdefault headervalue envvalue secretvalue attributevalue variablevalue""".split()
)
# Keys whose value is such a name.
NAME_KEYS = frozenset(
    """name key k id label title description field variable var env param parameter property prop
    header option attribute attr setting constant desc keyname envname prompt question
    placeholder resourceid provide variablename paramname parametername parameterkey headername
    secretname settingname attributename""".split()
)
# Keys of mappings with the same part for each network or use: `apiKey: { mainnet: "…" }`.
USES = frozenset(
    """mainnet testnet sepolia goerli holesky ropsten rinkeby kovan polygon polygonmumbai
    polygonamoy bsc bsctestnet arbitrum arbitrumone arbitrumsepolia optimism optimisticethereum
    avalanche avalanchefujitestnet fantom opera base basesepolia ethereum gnosis linea scroll blast
    live prod production staging stage dev development test testing local main primary secondary
    backup spot futures margin paper demo sandbox""".split()
)
# Words before a declared name that are not part of it.
MODIFIERS = frozenset(
    b"""const let var val final static readonly public protected internal export declare global
    local my our set setx def auto mutable type pub extern volatile override lazy late required
    string str char bytes byte int bool any object
    unset echo print return is the a an this that your their its self env arg
    with as use using add and for of to from now here""".split()
)
# Verbs between a name and its value in prose: `the secret is …`.
COPULAS = frozenset(b'is was are equals eq = to as contains says'.split())
OF = frozenset(b'for of on'.split())
ARTICLES = frozenset(b'the a an my your our this that new old now here following'.split())

# A call that transforms its argument, or looks something up by it.
_STOPPING_CALLS = frozenset(
    """hash hashes sha1 sha224 sha256 sha384 sha512 md5 sha3 blake2b blake3 keccak keccak256 digest
    encrypt decrypt enc cipher sealed kms unseal generate random uuid uuid4 uuid5 verify validate
    check assert equal equals expect
    tobe toequal test match matches search compile findall sub replace replaceall split startswith
    endswith contains indexof includes print println printf log info debug warn warning error trace
    raise throw exception fail puts open readfile import require include exists unlink remove delete
    execute query select where filter find exec system checksum etag commit checkout describe it
    getelementbyid queryselector addeventlistener translate gettext throws panic fatal mask redact
    compare isequal fingerprint sleep join relpath abspath urlopen goto navigate href route
    mark deprecated issue len length size sizeof typeof isinstance""".split()
)
# A call that returns the value that its first argument names.
_LOOKUP_CALLS = frozenset(
    """get lookup fetch read load find getitem getstring getproperty getparameter getsecret
    getvalue getkey retrieve resolve pop has haskey getoption getattr""".split()
)


# A call that puts its argument into its owner: `entry_api_secret.insert(0, "…")`.
_SETTERS = frozenset(
    """insert set settext setvalue val value fill type sendkeys setplaintext put update write
    placeholder settextcontent attr prop""".split()
)
# Commands that store a value under a key: `SET binance:secret "…"`.
STORES = frozenset(b'set hset setex setnx hmset put write mset'.split())


def is_setter(words: tuple[str, ...]) -> bool:
    """Tell whether a call puts its last argument into its owner."""
    return ''.join(words) in _SETTERS


def is_stopping_call(words: tuple[str, ...]) -> bool:
    """Tell whether the value of a call with this name differs from its argument."""
    return bool(words) and (words[-1] in _STOPPING_CALLS or ''.join(words[-2:]) in _STOPPING_CALLS)


def is_lookup_call(words: tuple[str, ...], callee: str) -> bool:
    """Tell whether a call takes a name first and returns the value of that name.

    Calls for environment variables do not count, because beginners write `os.getenv("…")` with the
    value itself.
    """
    if not words or 'env' in callee.lower():
        return False
    return words[-1] in _LOOKUP_CALLS or words[0] in _LOOKUP_VERBS


_LOOKUP_VERBS = frozenset(('get', 'fetch', 'load', 'find', 'read', 'lookup'))

# The position of the key among the arguments of calls that make a keyed hash, by the end of the
# call's name in small letters. Sources: the documentation of Python's hmac, Node's crypto, PHP's
# hash_hmac, CryptoJS, Ruby's OpenSSL::HMAC, Go's crypto/hmac, RustCrypto's hmac, .NET's HMACSHA256,
# Web Crypto's importKey, Erlang's crypto, ring's hmac, lua-nginx-module, Perl's Digest::SHA.
HMAC_KEYS = (
    (b'hash_hmac', 2),
    (b'hmac.new', 0),
    (b'hmac.digest', 0),
    (b'hmac.new', 1),
    (b'createhmac', 1),
    (b'hmac::hexdigest', 1),
    (b'hmac.hexdigest', 1),
    (b'hmac.base64digest', 1),
    (b'new_from_slice', 0),
    (b'newfromslice', 0),
    (b'secretkeyspec', 0),
    (b'cryptojs.hmacsha256', 1),
    (b'cryptojs.hmacsha512', 1),
    (b'cryptojs.hmacsha384', 1),
    (b'cryptojs.hmacsha1', 1),
    (b'newhmacsha256', 0),
    (b'newhmacsha512', 0),
    (b'newhmacsha384', 0),
    (b'newhmacsha1', 0),
    (b'hmacsha256.hashdata', 0),
    (b'hmacsha512.hashdata', 0),
    (b'hmac.hmac', 0),
    (b'subtle.importkey', 1),
    (b'crypto.mac', 2),
    (b'crypto:mac', 2),
    (b'hmac::key::new', 1),
    (b'ngx.hmac_sha1', 0),
    (b'hmac_sha256_hex', 1),
    (b'hmac_sha512_hex', 1),
    (b'hmac_sha256_base64', 1),
    (b'hmac_sha512_base64', 1),
)
# Options of `openssl dgst` and `openssl mac` that take such a key.
HMAC_OPTIONS = frozenset((b'hmac', b'macopt'))
# Commands that set a variable to the word behind its name: `setenv NAME value`, `ENV NAME value`.
VARIABLE_COMMANDS = frozenset(
    b'setenv setx env arg fastcgi_param uwsgi_param proxy_set_header'.split()
)
