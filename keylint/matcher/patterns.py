"""Patterns that belong to no issuer: a telling name near something that could be a value.

The matcher only selects what `detect` will examine. A pattern may match too much, never too
little.
"""

from __future__ import annotations

from keylint.core.lazy_re import re
from keylint.matcher.match import Pattern, PatternKind

# Not in the middle of base64.
_PWD = (
    rb'(?-i:(?:(?:^|[^A-Za-z0-9])[a-z]?[a-z]?|[a-z]{3})pwd'
    rb'|(?:(?:^|[^A-Za-z0-9])[A-Z]?[A-Z]?|[A-Z]{3})PWD|[a-z]Pwd|\bPwd)'
)
# Stems of the names that `core.names` understands; tests/matcher/test_token_patterns.py compares
# the two.
NAME = (
    b'(?:key|secret|token|hmac|passw|passphrase|seed|mnemonic|phrase|private|credential|cred'
    b'|auth(?:\\b|[0-9_]|ori[sz]|en|[a-df-np-z])|bearer|jwt|wif|xprv'
    b'|(?:client|access|api).?id|webhook|dsn|signer|bip39|' + _PWD + b')'
)
# Abbreviations at the end of a word: `bot_pk`, `BOT_PAT_2`, `bot_pkHex`, but not `file_path`; and
# what may follow, whether it is part of the name or not.
_ABBREVIATED = (
    (rb'(?-i:[_.\-](?:[pP]k|[sS]k|[aA]k|[pP]w|[pP]at|[pP]rv))', rb'(?-i:[^a-z\n\x00]|hex|str)'),
    (rb'(?-i:[_.\-](?:PK|SK|AK|PW|PAT|PRV))', rb'(?-i:[^A-Z\n\x00]|HEX|STR)'),
)
# Includes marks of emphasis: `**API key**: …`.
_REST = rb'[\w.\-"\'`\])}\\ \t*]{0,32}'


def make_name_pattern(rest: bytes = _REST) -> bytes:
    """Make the pattern of a telling name, full or abbreviated, up to an operator or a value."""
    short = (name + b'(?:' + after + rest + b')?' for name, after in _ABBREVIATED)
    return b'(?:' + b'|'.join((NAME + rest, *short)) + b')'


# Between a name and its value: the accessors of a C# property, the size of an array of C.
_ACCESSORS = rb'(?:\{ ?get;[^{}\n]{0,24}\}[ \t]*|\[\d{0,4}\][ \t]*)?'
_JOINS = rb'(?:[?+|!]{0,2}[:=,({>|<?]| or )'
_NEAR = rb'(?:[^\n\x00]{0,48}?[^A-Za-z0-9+/_\-\x00])?'
_VALUE = rb'[A-Za-z0-9+/_\-]{16}'
# A digit and a symbol close to each other in a value: code and prose rarely have both in one word.
_ANY = rb'[A-Za-z0-9+/_=()!@#$%^&*~?\-]'
_SYMBOL = rb'[!@#$%^&*~?]'
_PAIR = rb'(?:[0-9]' + _ANY + rb'{0,8}' + _SYMBOL + b'|' + _SYMBOL + _ANY + rb'{0,8}[0-9])'
_BROKEN_VALUE = (
    b'(?:' + _ANY + rb'{9,24}' + _PAIR + b'|' + _ANY + b'{0,9}' + _PAIR + _ANY + rb'{8})'
)
# A line break, also as JSON writes it: within one string, and between those of a notebook's cell.
_BREAK = rb'(?:[\r\n]{1,2}|\\[nr](?:",?[ \t\r\n]{0,40}")?)'
_IN_LINE = rb'[^\n\x00]{0,40}'
_GAP = rb'["\'][ \t]{0,8}[+.\\]?[ \t]{0,8}\\?[\r\n]{0,2}[ \t]{0,40}[+.]?[ \t]{0,8}[rbfu]?["\']'
_HALF = rb'["\'`][^"\'`\n\x00]{4,}' + _GAP + rb'[A-Za-z0-9+/=,\]_\-]{4}'
_SUM = rb'[A-Za-z0-9+/=_,:.?&%\-]{8}(?:" \+ "|\' \+ \'|"\+"|\'\+\')[A-Za-z0-9+/=_,\-]{6}'

_HEAD_REST = rb'[\w.\- "\'`*\\]{0,24}'

# How a telling name and a value are joined, by kinds that detection treats separately.
NAME_PATTERNS: tuple[tuple[PatternKind, bytes], ...] = (
    # name, operator, value: on one line
    ('name', b'(?i)' + make_name_pattern() + _ACCESSORS + _JOINS + _NEAR + _VALUE),
    # name and value with nothing but blanks, quotes or words of prose between them
    (
        'name',
        b'(?i)'
        + make_name_pattern(rb'[\w.\-"\'`\])}\\ \t*\x80-\xff]{0,32}')
        + rb'[ \t"\'`\\\x80-\xff]'
        + _VALUE,
    ),
    # the value on the next line or the one after (YAML blocks, XML, broken calls): NEXT_LINE
    (
        'name',
        b'(?i)'
        + make_name_pattern(_IN_LINE)
        + _BREAK
        + b'(?:'
        + _IN_LINE
        + _BREAK
        + rb')?[ \t]{0,40}(?:[\w"\'`\\:<>=|\-+ ()\[{,#/*]{0,24}["\' >+:=|`])?'
        + _VALUE,
    ),
    # a value broken in two
    (
        'split-literal',
        b'(?i)'
        + make_name_pattern()
        + _JOINS
        + rb'[^\n\x00"\']{0,40}(?:\([ \t]{0,8}[\r\n]{1,2}[ \t]{0,40}[rbfu]?)?(?:'
        + _HALF
        + rb')|'
        + _SUM,
    ),
    # passwords are short: a digit on the same line or the next; `prefilter` checks the word that
    # contains it
    (
        'password',
        rb'(?i)(?:pass(?:word|wd|phrase)?|'
        + _PWD
        + rb')[^\n\x00]{0,72}(?:'
        + _BREAK
        + rb'[ \t]{0,40}["\'`\\]{0,2}[^\s"\'`,;(){}\[\]$<>\x00]{0,32})?[0-9]',
    ),
    # arguments without names
    (
        'call',
        rb'[A-Za-z_][({][ \t\r\n]{0,40}\\?["\']'
        rb'(?:[^"\'\s]{6,}["\'][ \t\r\n]{0,40},[ \t\r\n]{0,40}\\?["\'])?'
        rb'[A-Za-z0-9+/=_\-]{16,}\\?["\']',
    ),
    # values under short names with little meaning
    (
        'name',
        rb'(?i)[^a-z](?:api[_\-]?[ks]?|sec|pub|priv)["\']?[ \t]{0,4}[=:][ \t]{0,4}["\'`]?' + _VALUE,
    ),
    # values passed in a shell: to a command that stores them, as an option beside a name
    (
        'name',
        rb'(?:echo|printf)(?: -n| \\?["\']?%s(?:\\n)?\\?["\']?)? '
        rb'\\?["\']?[A-Za-z0-9+/=_\-]{16,200}\\?["\']? ?\|',
    ),
    ('name', rb'--(?:value|data|body|content)[ =]\\?["\']?' + _VALUE),
    # the default of a field whose name stands below it or in the head of its block, the value of a
    # tag before its name
    (
        'name',
        rb'(?:(?:default_value(?:_t)?|\(default)[ ]?=[ ]?|<[a-z]{1,12} value='
        rb'|\n[ \t]{1,8}default[ \t]{1,16}= )\\?["\']' + _VALUE,
    ),
    # user and password in an address or for curl
    ('login', rb'(?:://|-u \\?["\']?|--user[ =]\\?["\']?)[^\s:/@"\']{6,128}:[^\s:/@"\']{16,200}'),
    # a file that contains only values, each on its own line; the same, and arguments on their own
    # lines, in a notebook's cell
    ('name', rb'^[A-Za-z0-9+/_\-]{16,200}={0,2}[\r\n]{1,2}' + _VALUE),
    ('name', rb'"[A-Za-z0-9+/_\-]{16,}={0,2}\\[nr](?:",[ \t\r\n]{0,40}")?' + _VALUE),
    ('name', rb'[(,]\\n(?:",[ \t\r\n]{0,40}")?[ \t]{0,40}\\?["\']' + _VALUE),
    # names of two or three letters, alone or at the end of a name: `prefilter` checks what follows
    (
        'short-name',
        rb'(?:(?:^|[^A-Za-z0-9])(?:[pP][kK]|[sS][kK]|[aA][kK]|[pP][wW]|[pP][aA][tT]|[pP][rR][vV])'
        rb'|[a-z0-9](?:P[kK]|S[kK]|A[kK]|P[wW]|P[aA][tT]|P[rR][vV]))'
        rb'(?:[hH][eE][xX]|[sS][tT][rR])?[ \t\r\n=:,(>|<?!"\'`\])\\_]',
    ),
    # values that symbols break into runs shorter than those above, also on the next line;
    # `prefilter` checks the whole text in quotes or between blanks
    (
        'symbols',
        b'(?i)'
        + make_name_pattern()
        + _ACCESSORS
        + _JOINS
        + rb'(?:[ \t]{0,4}|[^\n\x00]{0,48}?["\'`]|[ \t]{0,4}["\'`\\]{0,3}[(\[]?'
        + _BREAK
        + rb'[ \t]{0,40}(?:-[ \t])?\\?["\'`]?|[^\n\x00]{0,24}'
        + _BREAK
        + rb'[\w"\'\\ (\[{,#/*+\t]{0,40}["\'`])'
        + _BROKEN_VALUE,
    ),
    # the head of a column, in a line of heads, above a rule or a row with a value
    (
        'header',
        b'(?i)'
        + NAME
        + _HEAD_REST
        + rb'(?:[|,;\t \r\n]|\\[nt]|\xe2\x94\x82)'
        + rb'[\w.\-"\'`*/()# \t|,;$\\\x80-\xff]{0,160}'
        + _BREAK
        + rb'(?:[ \t|+:]{0,4}(?:---|===|\xe2[\x94\x95])'
        + rb'|[^\n\x00]{0,200}[^A-Za-z0-9+/_\-\x00\n]'
        + _VALUE
        + rb')',
    ),
    # the same in HTML
    ('head-cell', b'(?i)' + NAME + _HEAD_REST + rb'</(?:td|th)>'),
)

# After the name of a call: arguments, one of which could be a value.
CALL_ARGUMENTS = rb'\([^\n\x00]{0,60}' + _VALUE
_MAX_SHORT_NAME_CHARS = 6
# The matcher accepts words this short as literals only with marks on both sides.
_MAX_TINY_CHARS = 2
_NOTHING = b'keylint-knows-no-unusual-name'
# Also as the first of a list, on its own line: `accounts: [`.
_OWN_VALUE = (
    _JOINS
    + rb'(?:[ \t]{0,4}[\[(][ \t]{0,4}'
    + _BREAK
    + rb'[ \t]{0,40})?'
    + _NEAR
    + rb'[A-Za-z0-9+/_\-]{8}'
)


def make_rule_name_patterns(names: list[str]) -> tuple[bytes, bytes]:
    """Make the last two patterns of names: names from rules that contain no telling word.

    The second is for short words such as `sid`, which are names only if they stand alone: otherwise
    they would also match in `side` and `inside`.
    """
    short = [name for name in names if len(name) <= _MAX_SHORT_NAME_CHARS and name.isalnum()]
    long = b'|'.join(_any_spelling(name) for name in names if name not in short) or _NOTHING
    alone = (
        rb'(?:^|[^A-Za-z0-9_])(?:'
        + (b'|'.join(name.encode() for name in short) or _NOTHING)
        + rb')(?:[.\-"\'`\])\\ \t0-9]'
        + _REST
        + b')?'
    )
    return b'(?i)(?:' + long + b')' + _REST + _OWN_VALUE, b'(?i)' + alone + _OWN_VALUE


def make_issuer_pattern(words: list[str]) -> bytes:
    """Make the pattern of an issuer's word; `prefilter` looks for a pair of values after it.

    A longer pattern costs the matcher as much as all other patterns together, and so does an
    optional tail: of words that end at once, the matcher makes literals.
    """
    long = b'|'.join(_any_spelling(word) for word in words if len(word) > _MAX_TINY_CHARS)
    tiny = b'|'.join(word.encode() for word in words if len(word) <= _MAX_TINY_CHARS)
    return (
        rb'(?i)(?:'
        + long
        + rb')[^A-Za-z0-9]|(?:'
        + long
        + rb')(?:exchange|client|api)[^A-Za-z0-9]|(?:^|["\'\n ])(?:'
        + (tiny or _NOTHING)
        + rb')["\':,]'
    )


def _any_spelling(name: str) -> bytes:
    """Make a pattern of a name in any spelling: `API_HASH` is also `apiHash` and `API-Hash`."""
    return b'[_. \\-]?'.join(_escape(word) for word in re.split('[^0-9A-Za-z]+', name) if word)


def _escape(name: str) -> bytes:
    return ''.join(char if char.isalnum() or char == '_' else f'\\{char}' for char in name).encode()


_PERMISSIONS = (
    rb'[a-z_]{0,24}(?:permissions?|perms?|withdraw(?:al|als)?(?:_?enabled)?'
    rb'|withdraw(?:al|als)?_?allowed|ip_?(?:white|allow)_?list|ip_?restrict(?:ion|ions|ed)?'
    rb'|(?:allowed|trusted|bind|bound)_?ips?|cidrs?|can_?(?:trade|transfer|view))'
)
# Statements about permissions and addresses of keys; the pattern of sentences, from
# `rules/setup_texts.yaml`, precedes them.
DECLARATION_PATTERNS: tuple[tuple[PatternKind, bytes], ...] = (
    # in documents and configuration; excludes the `whitelist` of pairs, the `listen_ip_address` of
    # a bot and pytest's `loop_scope`
    (
        'document-key',
        rb'(?i)(?:permissions?|(?:^|[^a-z])(?:perms?|rights|privileges|authorities|ips?|cidrs?)'
        rb'|(?:^|[^a-z_]|[^p]_|[^o]p_)scopes?'
        rb'|(?-i:[a-z](?:Perms?|Scopes?|Rights|I[pP]s?|C(?:idr|IDR)s?))'
        rb'|withdraw[a-z_]{0,12}|transfers?|restrict[a-z_]{0,8}|unrestricted'
        rb'|(?:allowed|trusted|bind|bound|access)_?ips?'
        rb'|(?:^|[^_]|[^n]_|[^e]n_|[^t]en_)ip_?address(?:es)?'
        rb'|(?:ips?|api|key|address|addresses)_?(?:white|allow)_?list[a-z_]{0,8}'
        rb'|(?:white|allow)_?list(?:ed)?_?ips?'
        rb'|(?:^|[^a-z])ips?_?(?:list|range|filter|lock|bind)[a-z_]{0,6})'
        rb'["\'`]?\]?[ \t]{0,8}(?:[:=]|=>)',
    ),
    # in dictionaries of programs: keys in quotes, and bare ones
    ('quoted-key', b'(?i)["\']' + _PERMISSIONS + rb'["\'][ \t]{0,4}(?::|=>)'),
    ('bare-key', rb'(?i)[\s{,]' + _PERMISSIONS + rb'[ \t]{0,4}:'),
    # keywords, fields, setters, elements, columns of tables, keys in JSON within a string
    (
        'assigned-key',
        rb'(?i)(?:[\s(,._]|set|with)'
        + _PERMISSIONS
        + rb'(?:(?:[ \t]{0,4}:[^=\n]{1,60})?[ \t]{0,4}=[ \t\r\n]{0,8}[\[({"\'\w]'
        + rb'|\([ \t\r\n]{0,8}["\'\w\[{)])'
        + rb'|label"[ \t]{0,4}:[ \t]{0,4}"'
        + _PERMISSIONS
        + rb'"|--(?:allow|enable)[-_](?:withdraw|transfer)|<'
        + _PERMISSIONS
        + rb'[ >]|\\["\']'
        + _PERMISSIONS
        + rb'\\["\'][ \t]{0,4}:|[|,;\t>][ \t*"`]{0,4}'
        + rb'(?:[a-z_ ]{0,12}permissions?|rights|scopes|perms|(?:can[_ ])?withdraw(?:al|als)?'
        rb'(?:_enabled)?)[ \t*"`]{0,4}[|,;\t\r\n<]',
    ),
    # an address of an API without TLS, any certificate accepted, a secret that is printed
    (
        'careless',
        rb'(?i)http://[a-z0-9.-]{0,40}(?:api|rest|trad)[a-z0-9.-]{0,40}\.[a-z]'
        rb'|http://[a-z0-9.-]{3,60}/(?:api|v\d|sapi|fapi|0/private)[/"\'`]'
        rb'|\bverify(?:_ssl|_certs?)?["\']?[ \t]{0,4}[=:][ \t]{0,4}false\b'
        rb'|\brejectUnauthorized["\']?[ \t]{0,4}:[ \t]{0,4}false'
        rb'|\bInsecureSkipVerify[ \t]{0,8}:[ \t]{0,8}true|\bNODE_TLS_REJECT_UNAUTHORIZED'
        rb'|\bdanger_accept_invalid_certs\([ \t]{0,4}true|\bCURLOPT_SSL_VERIFYPEER'
        rb'|\bcreate_unverified_context\b'
        rb'|(?:print[a-z]{0,3}!?|log(?:ger|ging)?\.[a-z]{4,9}|console\.[a-z]{3,5}|echo)'
        rb'[ \t]{0,3}\([^\n]{0,160}(?:secret|passphrase|api_?pass)',
    ),
    # rows of a bare list
    ('list-row', rb'["\'](?:ui_)?withdraw["\'][ \t]*,[ \t\r\n]*[01]'),
)
# The position of the pattern whose value is below its name.
NEXT_LINE = 2
# How many patterns `encoded_patterns` makes, and how many are for names that only rules know.
_ENCODED, _OWN_NAMES = 3, 2


def list_patterns(tokens: int, plugins: int) -> tuple[Pattern, ...]:
    """List the patterns of the database in order, for these numbers of tokens and plugins.

    The first token is the pattern that represents all checks of recovery phrases.
    """
    kinds: list[PatternKind] = [kind for kind, _ in NAME_PATTERNS]
    kinds += ['encoded'] * _ENCODED
    kinds += ['expression']
    kinds += ['name'] * _OWN_NAMES
    kinds += ['issuer', 'name']
    kinds += ['phrase'] * min(tokens, 1)
    kinds += ['token'] * (tokens - 1)
    kinds += ['plugin'] * plugins
    kinds += ['sentence', *(kind for kind, _ in DECLARATION_PATTERNS)]
    kinds += ['vendor-key', 'key-call']
    first_token = kinds.index('phrase') if tokens else len(kinds)
    return tuple(
        Pattern(number, kind, _row_of(kind, number - first_token, tokens))
        for number, kind in enumerate(kinds)
    )


def _row_of(kind: PatternKind, place: int, tokens: int) -> int:
    """Find the row of a pattern in the table of its kind, from its position among the tokens."""
    if kind in ('phrase', 'token'):
        return place
    return place - tokens if kind == 'plugin' else 0


def make_any_name_pattern(names: list[str], after: bytes) -> bytes:
    """Make a pattern for any of the names, followed by `after`."""
    return b'(?i)(?:' + b'|'.join(_escape(name) for name in names) + b')' + after
