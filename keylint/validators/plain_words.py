"""Words that an excerpt may show from prose, comments and command lines; the shape of names.

Excerpts work by an allowlist: any word that is not listed here could be a password, a recovery word
or half a secret that no rule knows.
"""

from __future__ import annotations

from functools import lru_cache

from keylint.core.lazy_patterns import defer_regex
from keylint.core.names import split_words
from keylint.validators.randomness import is_random

# Function words that no list of recovery words contains: they separate prose from a phrase.
STOPPERS = frozenset(
    """a an and are as at be been but by could did do does for from had has he her his how i if
    in is isn it its may me might my no nor not of on or our shall she should so than the
    their them these those to too us was we were which who why with would your""".split()
)
_WORDS = frozenset(
    """about above access account accounts active add added address admin after again against
    alert all allow also always amount an another any api app application april are arg
    args argument arguments async august auth authentication authorization await aws back
    backup bad balance bash basic bearer because before below between body book bool bot
    bots branch broken build bundle bytes cache call called can cannot cat certificate
    change changed channel char chat check class clean client clients clone cloud code
    comment commit compose config configuration connect connection connector const
    container copy create created credential credentials cron curl currency current custom
    daily data database date day days db debug december default def delete deleted deploy
    deployment dev develop development dict disabled docker docs does done dry each email
    empty enable enabled encode end endpoint entry env environment error events every
    example examples except exchange exec exit expired expires export false february fee
    fetch field file files final first float folder format fresh friday from full func
    function futures gateway generated generic get git github gitlab good grid guide head
    header headers help here hex history home hook host http https id ids image import
    index info init input install int integration interface internal issue item items job
    json january july june keep key keys known label last later launch legacy let level
    library limit line link linux list listen live load local lock log login logs long
    mail main make manager many map march margin market master may me member message
    method mine mnemonic mode model module monday money month move name names need needed
    network never new next node none note notes november now null number october off ok
    old once one online only open option options order orders other out output over own
    owner package page pair pairs param params part pass passphrase passwd password
    passwords path pay paper payload per period permission permissions phrase pin pip
    please plugin pod point pool port post prefix price print private prod product
    production profile program project proxy public pull purpose push put py python query
    quote read real recovery region release remote remove removed replace repo report
    request requests reset response rest restart return revoke revoked right role root
    rotate rotated row rpc rule rules run runner running safe same sample sandbox saturday
    save scan script scope second secret secrets section see seed self send sent september
    server service session set settings setup shared should show side sign signature
    signed signer simple since size some source spot ssh staging start state static step
    still stop store str stream string strategy sub such sudo sunday symbol system table
    tag take target task team telegram temporary temp test tested testing testnet tests
    text that thing thursday tick time timeout title todo token tokens tool top trade
    trader trades trading transfer tree true try tuesday two txt type types undefined
    under unit until unused up update uri url use used user username users uses utc value
    values var variable variables vault verify version via void volume wait wallet wallets
    was webhook websocket wednesday week wget when while withdraw withdrawal word words
    work worker works write written wrong yaml year yes yesterday yet yml zone usd usdt
    usdc btc eth eur busd ws wss sha hmac md rsa pem jwt uuid sdk cli ui io ip tcp udp dns
    tls ssl xml csv html js ts go rs ini toml cfg conf exe sh bin lib src usr etc opt tmp
    npm yarn apt psql redis mysql postgres postgresql sqlite mongodb kafka rabbitmq amqp
    ftp smtp imap sftp oauth saml have into must they this what where will you then ldap
    bip apikey apisecret secretkey privatekey evm eip erc ens nft dex cex otc keylint
    ignore gitleaks noqa pragma allowlist trufflehog kingfisher nosec ccxt freqtrade
    hummingbot jesse""".split()
)
# Words that describe a key's purpose and rights: as values they are not secrets.
PLAIN_VALUES = frozenset(
    """true false none null yes no on off read trade withdraw transfer withdrawals transfers spot
    futures margin live testnet sandbox paper demo test prod production""".split()
)
_MAX_NAME_CHARS = 60
# Words, each followed by at most two digits: `fetchOrders`, `API_KEY_2`, `w3`, `HTTPProvider`.
_PART = (
    rb'(?:(?:[A-Z]{1,5}[a-z]{2,})+[A-Z]{0,5}|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*[A-Z]{0,4}|[A-Z]+)'
    rb'[0-9]{0,2}'
)
_NAME = defer_regex(
    rb'[_$@]{0,2}' + _PART + rb'(?:[_\-./]{1,2}(?:' + _PART + rb'|[0-9]{1,2}))*_{0,2}|_+'
)
_MIN_RANDOM_CHARS = 8
_MAX_NUMBER_DIGITS = 2
# The minimum average number of letters in the words of a name.
_MIN_WORD_CHARS = 3
# A name with more words than this is a phrase.
_MAX_NAME_WORDS = 7


@lru_cache(maxsize=4096)
def is_plain_name(word: str) -> bool:
    """Tell whether a word reads like a name that a programmer chose rather than a value."""
    if len(word) > _MAX_NAME_CHARS or not word.isascii() or not _NAME.fullmatch(word.encode()):
        return False
    if len(split_words(word)) > _MAX_NAME_WORDS:
        return False
    return len(word) < _MIN_RANDOM_CHARS or not is_random(word.encode())


def has_words(text: str) -> bool:
    """Tell whether the pieces of a text are as long as words; those of random text are shorter."""
    words = split_words(text)
    letters = sum(len(word) for word in words if word.isalpha())
    return bool(words) and letters >= _MIN_WORD_CHARS * len(words)


@lru_cache(maxsize=4096)
def is_known_word(word: str, issuers: frozenset[str] = frozenset()) -> bool:
    """Tell whether all words of a text may be shown anywhere.

    `issuers` are the names of exchanges and other vendors that the rules know.
    """
    if len(word) > _MAX_NAME_CHARS or not word.isascii() or not _NAME.fullmatch(word.encode()):
        return False
    return all(
        part in _WORDS or part in STOPPERS or part in issuers or _is_small_number(part)
        for part in split_words(word)
    )


def _is_small_number(text: str) -> bool:
    return text.isdigit() and len(text) <= _MAX_NUMBER_DIGITS
