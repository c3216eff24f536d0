"""List everything in a fragment that could be a part of a credential.

That is: self-identifying tokens, values bound to telling names, and arguments without names.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from keylint.core.deadline import Deadline, make_deadlines
from keylint.core.lazy_patterns import defer_regex
from keylint.core.limits import MIN_REPEATED
from keylint.core.model import Candidate, Fragment
from keylint.core.names import find_role, split_words, squeeze_name
from keylint.core.packages import is_lock_file
from keylint.core.terms import PartKind
from keylint.detect.allowlist import (
    is_allowlisted,
    is_allowlisted_url,
    is_encrypted,
    is_hash_context,
    is_public,
    repeats_name,
)
from keylint.detect.issuer import has_shape
from keylint.detect.named_settings import name_of_path, name_settings
from keylint.detect.pass_words import is_other_pass
from keylint.detect.program_text import ProgramText
from keylint.detect.references import is_in_address, is_reference
from keylint.detect.tokens import SpanIndex, find_tokens
from keylint.detect.unnamed_values import find_arguments, find_logins, read_key_file
from keylint.detect.windows import read_windows
from keylint.matcher.match import Match
from keylint.matcher.repeats import MAX_SAME, list_kept
from keylint.matcher.word_runs import WORDY
from keylint.rules.rule_set import RuleSet
from keylint.syntax.words import USES, VALUE_KEYS
from keylint.validators.randomness import is_random
from keylint.validators.wallets import is_chain_id

# Words of letters with `-` or `_` between them, each in one case: `GENERATE_WITH_openclaw-doctor`.
# Commands of PowerShell: `ConvertTo-SecureString`.
_WORDS = defer_regex(
    rb'(?:(?:[A-Z]?[a-z]++|[A-Z]{2,}+)[_\-]++){2,}+(?:[A-Z]?[a-z]+|[A-Z]{2,})'
    rb'|(?:[A-Z][a-z]+){1,2}-(?:[A-Z][a-z]+){1,4}'
)
# Names of keys in code: `key: Ed25519PublicKey`, `copy_x509_privkey2`, `RSAPrivateKey | …`.
_CLASS = defer_regex(
    rb'[A-Za-z_][\w.]{0,60}?(?:[Pp]rivate|[Pp]ublic|[Pp]riv|[Pp]ub)_?[Kk]ey'
    rb'(?:s|Types?|Pairs?|With\w+)?\d{0,2}\W*'
)
# The name of another part: `password: 'l2Passphrase'`.
_NUMBERED_PART = defer_regex(rb'[a-z]{1,2}[0-9](?:Passphrase|Password|Secret|Key|Token)')
# A number of JavaScript: `rewardPerToken // => 385802469135802469135n`.
_BIG_INTEGER = defer_regex(rb'[0-9]{6,60}n')
# A serialized message: `b'\\212\\347\\260*\\033…'`, `b'\\n\\x12…\\x1a\\x13…'`.
_OCTAL_BYTES = defer_regex(rb'(?:\\[0-3][0-7]{2}){2}|(?:\\x[01][0-9a-f].{0,60}?){3}')
# Letters of which two capitals stand inside, such as a key has and a word has not.
_MIXED_LETTERS = defer_regex(rb'(?=[A-Za-z]{8,16}\Z)[A-Za-z]+[A-Z][A-Za-z]*[A-Z][A-Za-z]*')
# A parameter of a request, whose own name says what it is: `refresh_token, client_id=…`.
_PARAMETER = defer_regex(rb'[a-z]+(?:_[a-z]+){1,3}=.')
# Roles whose values hold no comma, unless they are a list of such values.
_KEY_ROLES = ('api-key', 'secret', 'token')
_MIN_ITEM_BYTES = 16
# Keys hit at random: what a machine makes of so many letters has both cases, or digits. People
# make passwords of words so long.
_ONE_CASE = defer_regex(rb'[a-z]{32,}|[A-Z]{32,}')
# Characters of a shape by which values are more than letters.
_ANY_DIGIT = defer_regex(rb'[0-9\\]')
# Roles whose values may be words.
_WORDY_ROLES = ('password', 'passphrase', 'mnemonic')
# What makes a token or a key one that gives access.
_SECRET_TOKEN_WORDS = frozenset(
    """api apikey access accesskey auth authorization bearer refresh session bot secret personal
    private identity security deploy webhook jwt oauth app client""".split()
)
# Names of functions that ask about a value; a name of several words, as code has it.
_QUESTION = defer_regex(r'(?:is|has|validate|looksLike)_?[A-Z]')
_SNAKE = defer_regex(rb'[a-z][a-z0-9]*(?:_[a-z0-9]+)+')
# What stands before and behind the name of an entry that another entry precedes.
_NEXT_ENTRY = defer_regex(rb'["\'][ \t]*,\s*["\']\Z')
_NEXT_OPTION = defer_regex(rb'[ \t]\|[ \t]*-{1,2}\Z')
_NAMES_ENTRY = defer_regex(rb'["\'][ \t]*:')
# The rest of an escape: `verify_password(password, \\u0026hash)` in a saved page or answer.
_ESCAPED = defer_regex(rb'u[0-9A-Fa-f]{4}')
_BEFORE_BYTES = 40
_BLANK = defer_regex(rb'\s')
_ENCODED = defer_regex(rb'(?:[\w.~+/=\-]|%[2-7][0-9A-Fa-f])+')
_PERCENT = defer_regex(rb'%([0-9A-Fa-f]{2})')
_MIN_VALUE_BYTES = 6
_MIN_PHRASE_BLANKS = 11


def find_candidates(
    fragment: Fragment,
    matches: Sequence[Match],
    path: str,
    pack: RuleSet,
    clock: Deadline | None = None,
    unnamed: list[Candidate] | None = None,
) -> list[Candidate]:
    """List the candidates of a fragment, sorted by offset, at most one for each span.

    `matches` are those of the fragment. With a clock only what is found in time. Values of the text
    that no name makes a part are added to `unnamed`.
    """
    data, clock = fragment.data, clock or make_deadlines().finding
    found: dict[tuple[int, int], Candidate] = {}
    program, is_lock = ProgramText(fragment, path), is_lock_file(path)
    free = [] if unnamed is None or is_lock else unnamed
    distinct: set[bytes] = set()
    settings = name_settings(fragment)
    for value in itertools.chain(read_windows(data, matches, pack), settings):
        if clock.is_over():
            break
        candidate = _judge_value(data, value, pack)
        if candidate is None:
            free.append(value)
            continue
        if program.is_name(*value.span) or (is_lock and not is_in_address(data, value.start)):
            continue
        # A setting tells more than the text, an alias in YAML no more than its anchor.
        known = found.get(candidate.span)
        if known is None or not known.path or known.path[-1].isdigit():
            _count_distinct(candidate, distinct, clock)
            found[candidate.span] = candidate
    for candidate in _find_nameless(data, matches, path, pack):
        found.setdefault(candidate.span, candidate)
    index = SpanIndex(found)
    for token in find_tokens(data, matches, path, pack, settings):
        if clock.is_over():
            break
        _count_distinct(token, distinct, clock)
        index.add(token)
    return _drop_repeated(_drop_nested(found.values()))


def _find_nameless(
    data: bytes, matches: Sequence[Match], path: str, pack: RuleSet
) -> Iterator[Candidate]:
    """Yield values whose place tells what they are: arguments, logins, the lines of a key file."""
    yield from find_arguments(data, matches, pack)
    yield from find_logins(data, matches, pack)
    yield from read_key_file(data, path, pack)


def _count_distinct(candidate: Candidate, distinct: set[bytes], clock: Deadline) -> None:
    """Count the value of a candidate against the quota, unless it is one of the `distinct` ones."""
    if candidate.value not in distinct:
        distinct.add(candidate.value)
        clock.keep()


def _drop_nested(found: Iterable[Candidate]) -> list[Candidate]:
    """Sort candidates, and drop pieces of a setting: symbols in it end a value in plain text."""
    kept: list[Candidate] = []
    whole: Candidate | None = None
    for candidate in sorted(found, key=lambda one: (one.start, -one.end)):
        if whole is not None and candidate.end <= whole.end and candidate.name == whole.name:
            continue
        kept.append(candidate)
        if candidate.path and candidate.token is None and not _BLANK.search(candidate.value):
            whole = candidate
    return kept


def _drop_repeated(found: list[Candidate]) -> list[Candidate]:
    """Drop candidates that repeat others, where there are very many: of each the first are enough.

    Those beside something that is no repetition are kept: they may be a part of its credential.
    """
    if len(found) <= MIN_REPEATED:
        return found
    counts: Counter[tuple[str, bytes]] = Counter()
    firsts = []
    for number, candidate in enumerate(found):
        key = candidate.name, candidate.value
        counts[key] += 1
        if counts[key] <= MAX_SAME:
            firsts.append(number)
    kept = list_kept(firsts, [candidate.start for candidate in found])
    return [found[number] for number in kept]


def _judge_value(data: bytes, value: Candidate, pack: RuleSet) -> Candidate | None:
    """Return a bound value with its role, or None when it is certainly no secret."""
    if not value.name:
        return None
    own, is_strong = pack.role_of(value.name)
    role = own
    if own is None and value.path:
        role, is_strong = _find_role_by_parent(value.path)
    if role is None:
        return None  # as nearly all are: what follows takes longer
    value = value._replace(value=_unquote(value.value), role=role, is_strong=is_strong)
    if own not in _WORDY_ROLES and _is_wordy(value.value) and not _is_key_of_letters(value, pack):
        return None
    if _has_wrong_form(value) or _is_tested_only(value, pack) or _is_in_prose(data, value):
        return None
    allowlisted = is_public if role == 'mnemonic' else is_allowlisted
    if allowlisted(value.value, pack) or repeats_name(value.name, value.value):
        return None
    if data[max(0, value.start - 4) : value.start].rstrip(b' \t').endswith(b'->') and not is_random(
        value.value
    ):
        return None  # what a name stands for, in a log: `identityToken -> TokenHandlerV2`
    if is_chain_id(value.value) and not _promises_secret(value, pack):
        return None
    if (
        _is_common_word(value, pack)
        or is_hash_context(data, value.start)
        or is_encrypted(value.name, data, value.start)
        or is_reference(data, value.start, value.end, pack)
        or (role == 'url' and is_allowlisted_url(value.value, pack))
    ):
        return None
    return value


def _unquote(value: bytes) -> bytes:
    """Decode the percent-encoded bytes of a value, if all that has to be encoded is."""
    if b'%' not in value or _ENCODED.fullmatch(value) is None:
        return value
    return _PERCENT.sub(lambda digits: bytes([int(digits.group(1), 16)]), value)


def _is_wordy(value: bytes) -> bool:
    return WORDY.fullmatch(value) is not None or _WORDS.fullmatch(value) is not None


def _is_key_of_letters(candidate: Candidate, pack: RuleSet) -> bool:
    """Tell whether letters alone are a key of the issuer in its name: ten letters at Bitso.

    Both cases must be mixed as no name mixes them.
    """
    if _MIXED_LETTERS.fullmatch(candidate.value) is None:
        return False
    issuers = {
        issuer for name in (candidate.name, *candidate.path) for issuer in pack.issuers_in(name)
    }
    return any(
        entry.role == candidate.role
        and not _ANY_DIGIT.search(entry.shape.split(b'{')[0])
        and pack.pattern(entry.shape).fullmatch(candidate.value) is not None
        for issuer in issuers
        for entry in pack.rules[issuer].credentials
    )


def _has_wrong_form(candidate: Candidate) -> bool:
    """Tell whether a value cannot be what its name promises: an address, a class, a message."""
    value, role = candidate.value, candidate.role
    if len(value) < _MIN_VALUE_BYTES or (role != 'url' and b'://' in value[:12]):
        return True
    if role == 'mnemonic' and value.count(b' ') < _MIN_PHRASE_BLANKS:
        return True
    if _NUMBERED_PART.fullmatch(value) or _BIG_INTEGER.fullmatch(value) or _PARAMETER.match(value):
        return True
    if role not in _WORDY_ROLES and _ONE_CASE.fullmatch(value):
        return True
    if role in _KEY_ROLES and b',' in value and min(map(len, value.split(b','))) < _MIN_ITEM_BYTES:
        return True
    return _CLASS.fullmatch(value) is not None or _OCTAL_BYTES.search(value) is not None


def _is_tested_only(candidate: Candidate, pack: RuleSet) -> bool:
    """Tell whether a value is only asked about, and is no key: `isSolPrivateKey('…')` of a test."""
    if candidate.role != 'private-key' or not _QUESTION.match(candidate.name):
        return False
    return not any(
        entry.role == 'private-key' and has_shape(entry, candidate.value, pack)
        for rule in pack.rules.values()
        if rule.kind == 'wallet'
        for entry in rule.credentials
    )


def _is_in_prose(data: bytes, value: Candidate) -> bool:
    """Tell whether a value is a name in a sentence, or the name of the next entry of a mapping.

    "Never pass raw ``volume_24h``", `"a1": "exchange auth", "a2": …`, `-readpass | -pkcs11engine`.
    Or the rest of an escape, with a name behind it.
    """
    before = data[max(0, value.start - _BEFORE_BYTES) : value.start]
    if _NEXT_OPTION.search(before) is not None or is_other_pass(data, value):
        return True
    if before.endswith(b'\\') and _ESCAPED.match(value.value) and not is_random(value.value[5:]):
        return True
    if before.endswith(b'`') and ' ' in value.name.strip() and _SNAKE.fullmatch(value.value):
        return True
    return (
        _NEXT_ENTRY.search(before) is not None and _NAMES_ENTRY.match(data, value.end) is not None
    )


def _is_common_word(candidate: Candidate, pack: RuleSet) -> bool:
    """Tell whether only a rule takes the name for a part, and the value has not that part's shape.

    Such names are common words: `user`, `api-hash`. A name or path that speaks of the issuer counts
    all the same.
    """
    owners = pack.owners_of(candidate.name)
    if not owners or find_role(candidate.name):
        return False
    names = (candidate.name, *candidate.path)
    if {issuer for issuer, _ in owners} & {i for name in names for i in pack.issuers_in(name)}:
        return False
    shapes = (
        entry.shape
        for issuer, role in owners
        for entry in pack.rules[issuer].credentials
        if entry.role == role
    )
    return not any(pack.pattern(shape).fullmatch(candidate.value) for shape in shapes)


def _promises_secret(candidate: Candidate, pack: RuleSet) -> bool:
    """Tell whether a name speaks of a secret, and not only of a token or a key.

    On chains a token is a coin, and a key often a public one.
    """
    role, is_strong = find_role(candidate.name) or (candidate.role, False)
    words = set(split_words(candidate.name))
    if role in ('token', 'api-key'):
        issuers = [i for name in (candidate.name, *candidate.path) for i in pack.issuers_in(name)]
        is_named = any(pack.rules[issuer].kind != 'wallet' for issuer in issuers)
        return is_named or (len(words) > 1 and bool(words & _SECRET_TOKEN_WORDS))
    return role != 'private-key' or is_strong


def _find_role_by_parent(path: tuple[str, ...]) -> tuple[PartKind | None, bool]:
    """Find the role by the parent's name: `{"apiKey": {"value": "…"}}`, `{"apiKey": {"live": …`."""
    key = squeeze_name(path[-1])
    if (key in VALUE_KEYS or key in USES) and len(path) > 1:
        return find_role(name_of_path(path[:-1])) or (None, False)
    return None, False
