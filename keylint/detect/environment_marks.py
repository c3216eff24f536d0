"""What tells the environment of one issuer's keys: its words, hosts, switches and constants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from keylint.core.claims import ProofKind
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.names import split_words
from keylint.core.records import NamedTuple
from keylint.core.regex_cache import compile_once
from keylint.core.terms import Environment
from keylint.rules.rule_set import RuleSet
from keylint.rules.types import EnvironmentMarks

# Switches that every library for many exchanges has: `sandbox` and `set_sandbox_mode` are ccxt's,
# `testnet` is what most SDKs call it.
_COMMON_SWITCHES = ('testnet', 'sandbox')
# Words that mean a test environment in names, beyond those of the dossier: a guess.
GUESSED_WORDS = frozenset(('testnet', 'sandbox'))
LIVE_WORDS = frozenset(('live', 'mainnet', 'prod', 'production'))
# Words that bots use for a mode of their own: in a setting that no SDK has they are a guess.
_WORDS_OF_BOTS = frozenset(
    'demo demotrading paper papertrading practice simulated virtual stage staging test'.split()
)
# Settings whose value names the environment. A `mode` is the bot's own.
_NAMED = frozenset('environment env network net accounttype server apienvironment'.split())
# Names of switches that other things have as well: only the name of the issuer before them, or a
# place beside its keys, tells whose they are.
_GENERAL = frozenset(
    """testnet sandbox demo paper papertrading demotrading environment env network net flag port
    practice trading chainid test""".split()
)
# Words of a switch's name that say nothing more.
_FILLERS = frozenset('use is enable enabled set mode api with in'.split())
_ON = frozenset(('true', '1', 'yes', 'on'))
_OFF = frozenset(('false', '0', 'no', 'off'))
# Words in names of settings that only hold the address of a test system: they choose nothing.
_DECLARING = frozenset(
    """testnet sandbox test demo paper practice uat stage staging simulated virtual devnet
    vst""".split()
)
_MAX_NAME_WORDS = 8
_HOST_PART = defer_regex(rb'[a-z0-9.\-]+\Z')
_HOST_BYTES = 60


class Evidence(NamedTuple):
    """One thing that speaks for an environment.

    `text` is safe to show. `is_vendors` says that nothing but the issuer's keys can be meant, such
    as its own host; `is_guess` that it may mean something else, `is_bots` that bots have such a
    mode of their own. `receiver` is the object whose method is called.
    """

    environment: Environment
    kind: ProofKind
    text: str
    start: int
    end: int
    is_vendors: bool = False
    is_guess: bool = False
    is_bots: bool = False
    receiver: str = ''


class IssuerMarks:
    """The marks of one issuer, ready to be looked up. `same_keys`: its test keys are live ones."""

    def __init__(self, issuer: str, environments: Mapping[Environment, EnvironmentMarks]) -> None:
        tests = [name for name in environments if name != 'live']
        self.issuer = issuer
        self.main: Environment = 'testnet' if 'testnet' in tests else tests[0]
        self.same_keys = frozenset(name for name in tests if environments[name].same_keys)
        self.words: dict[str, Environment] = {}
        self.hosts: dict[bytes, Environment] = {}
        self.switches: dict[tuple[str, str], Environment] = {}
        self.constants: dict[bytes, Environment] = {}
        for switch in _COMMON_SWITCHES:
            self.switches[switch, ''] = self.main
        for name, marks in environments.items():
            self.words |= dict.fromkeys(marks.words, name)
            self.hosts |= {host.lower().encode(): name for host in marks.hosts}
            self.constants |= dict.fromkeys((text.encode() for text in marks.constants), name)
            for switch in marks.switches:
                key, _, value = switch.partition('=')
                self.switches[_strip_fillers(split_words(key)), value.lower()] = name
        self._host = _compile_hosts(self.hosts)
        self._constant = _compile_constants(self.constants)

    def read_words(self, name: str) -> tuple[Environment, str, bool] | None:
        """Read the environment out of a name: what, by which word, whether it is a guess.

        Words of both sides say nothing: `unknown`.
        """
        words = split_words(name)
        found = {self.words[word]: word for word in words if word in self.words}
        live = [word for word in words if word in LIVE_WORDS]
        if found and not live and len(found) == 1:
            ((environment, word),) = found.items()
            return environment, word, False
        if found:
            return 'unknown', '', True
        guessed = [word for word in words if word in GUESSED_WORDS]
        if guessed:
            return ('unknown', '', True) if live else (self.main, guessed[0], True)
        return ('live', live[0], False) if live else None

    def find_hosts(self, data: bytes) -> Iterator[Evidence]:
        """Yield the hosts of a text, those of the live system as well."""
        if self._host is None:
            return
        lowered = data.lower()
        for match in self._host.finditer(lowered):
            start, end = match.span()
            host = match.group()
            environment = self.hosts[host]
            if environment == 'live' and _is_test_part(lowered, start):
                continue
            text = f'host {host.decode()}'
            yield Evidence(environment, 'host', text, start, end, is_vendors=True)

    def find_constants(self, code: bytes) -> Iterator[Evidence]:
        """Yield the constants of the vendor's SDKs that a program uses."""
        if self._constant is None:
            return
        for match in self._constant.finditer(code):
            name = match.group('name')
            yield Evidence(
                self.constants[name],
                'constant',
                f'constant {name.decode()}',
                match.start('name'),
                match.end('name'),
                is_vendors=True,
            )

    def read_switch(
        self, name: str, value: str, start: int, end: int, pack: RuleSet
    ) -> Evidence | None:
        """Read a setting or an argument; None where it tells nothing of this issuer's keys."""
        words = split_words(name)
        if len(words) > _MAX_NAME_WORDS:
            return None
        issuers = pack.issuers_in(name)
        if issuers and self.issuer not in issuers:
            return None
        if issuers:
            words = _drop_issuer(words, pack)
        key = _strip_fillers(words)
        found = self._look_up_switch(key, value.lower())
        if found is None:
            return None
        environment, is_guess = found
        is_vendors = bool(issuers) or key not in _GENERAL
        return Evidence(
            environment,
            'setting',
            f'setting {name} {value}',
            start,
            end,
            is_vendors,
            is_guess,
            is_bots=not is_vendors and key in _WORDS_OF_BOTS,
        )

    def _look_up_switch(self, key: str, value: str) -> tuple[Environment, bool] | None:
        """Return the environment of a switch, and whether that is a guess."""
        if (key, value) in self.switches:
            return self.switches[key, value], False
        if (key, '') in self.switches:
            if value in _ON:
                return self.switches[key, ''], False
            return ('live', False) if value in _OFF else None
        if key in _NAMED and value in self.words:
            return self.words[value], value in _WORDS_OF_BOTS
        if key in _NAMED and value in LIVE_WORDS:
            return 'live', True
        if key in self.words and value in _ON:
            return self.words[key], True
        return None


def declares_only(name: str) -> bool:
    """Tell whether a name says which system its value is of: `TESTNET_URL` chooses none."""
    return names_test(name) or not LIVE_WORDS.isdisjoint(split_words(name))


def names_test(name: str) -> bool:
    """Tell whether a word for a test system is in a name."""
    return not _DECLARING.isdisjoint(split_words(name))


def _drop_issuer(words: tuple[str, ...], pack: RuleSet) -> tuple[str, ...]:
    """Drop the words that name an issuer from those of a name."""
    for length in (3, 2, 1):
        for first in range(len(words) - length + 1):
            if pack.issuers_in(''.join(words[first : first + length])):
                return words[:first] + words[first + length :]
    return words


def _strip_fillers(words: tuple[str, ...]) -> str:
    """Join the words of a switch's name that say something."""
    return ''.join(word for word in words if word not in _FILLERS)


def _is_test_part(lowered: bytes, start: int) -> bool:
    """Tell whether the host that goes on at `start` is a test system's that no dossier lists."""
    before = _HOST_PART.search(lowered, max(0, start - _HOST_BYTES), start)
    words = split_words(before.group().decode('utf-8', 'replace')) if before else ()
    return not _DECLARING.isdisjoint(words)


def _compile_hosts(hosts: Mapping[bytes, Environment]) -> re.Pattern[bytes] | None:
    """Compile the hosts, the longest first: that of a test system may end with that of the live."""
    if not hosts:
        return None
    names = sorted(hosts, key=len, reverse=True)
    return compile_once(rb'(?<![a-z0-9])(?:' + rb'|'.join(map(re.escape, names)) + rb')')


def _compile_constants(constants: Mapping[bytes, Environment]) -> re.Pattern[bytes] | None:
    if not constants:
        return None
    names = rb'|'.join(re.escape(name) for name in sorted(constants, key=len, reverse=True))
    return compile_once(rb'(?<![\w])(?P<name>' + names + rb')(?!\w)(?!\s*(?::\s*\w+\s*)?=(?!=))')


@lru_cache(maxsize=64)
def _make_marks(
    issuer: str, environments: tuple[tuple[Environment, EnvironmentMarks], ...]
) -> IssuerMarks:
    return IssuerMarks(issuer, dict(environments))


def load_marks(issuer: str, pack: RuleSet) -> IssuerMarks | None:
    """Return the marks of an issuer; None where its dossier knows no test environment."""
    rule = pack.rules.get(issuer)
    if rule is None or not any(name != 'live' for name in rule.environments):
        return None
    return _make_marks(issuer, tuple(rule.environments.items()))
