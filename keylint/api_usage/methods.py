"""Look up which permission a library's method needs, by the tables of `rules/libraries.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from keylint.api_usage.prefilters import TELLING, LibraryPrefilter

if TYPE_CHECKING:
    from keylint.rules.library_types import LibrarySpec

_IMPLICIT = re.compile(
    r'(?i)(?:public|private|sapi|papi|fapi|dapi|eapi|v\d|broker|spot|contract|futures|account|user'
    r'|wallet)\w{0,60}?(?:get|post|put|delete|patch)\w+'
)
# Exchanges of ccxt that trade nothing but derivatives, and classes of other libraries that do.
_DERIVATIVE = re.compile(
    r'binance(?:usdm|coinm)|krakenfutures|kucoinfutures|bitmex|deribit|hyperliquid|dydx|paradex'
    r'|phemex|[^\n]{0,100}(?:UM|CM|Derivatives|Futures)\w{0,60}'
)
_IMPLICIT_READ = re.compile(
    r'balance|ledger|history|info|quer|status|listenkey|userdatastream|list'
)
_TELLING = re.compile(f'(?i){TELLING}')


# Methods that every client has and that ask the exchange for nothing.
_LIFECYCLE = (
    'close',
    'aclose',
    'setSandboxMode',
    'set_sandbox_mode',
    'load_markets',
    'loadMarkets',
    'describe',
    'close_connection',
    'connect',
    'disconnect',
    'start',
    'stop',
    'run',
    'join',
)
# Generated clients have each method a second time, with the answer's headers.
_VARIANT = re.compile(r'_with_http_info$|_without_preload_content$')


class Library:
    """One library: its classes and what its methods need."""

    def __init__(self, spec: LibrarySpec) -> None:
        self.id: str = spec.id
        self.exchange: str | None = spec.exchange
        self.modules: tuple[str, ...] = spec.modules
        self.classes = re.compile(spec.classes) if spec.classes else None
        self.hosts: tuple[str, ...] = spec.hosts
        self.markers: tuple[str, ...] = spec.markers
        self.bases: tuple[str, ...] = spec.bases
        self.delegates = spec.delegates
        self.chain = re.compile(spec.chain) if spec.chain else None
        self.factories = re.compile(spec.factories) if spec.factories else None
        self.has_methods = bool(spec.methods)
        self._specs = spec.methods

    @cached_property
    def _method_patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        """Compile the patterns when the first call is asked for: most trees use one library."""
        return [
            (entry.level, re.compile(entry.names, re.IGNORECASE if self.exchange is None else 0))
            for entry in self._specs
        ]

    def classify_call(self, method: str, owner: str, attribute: str, first: str) -> str | None:
        """Return the permission that a call needs, `unknown` for a method that no table has.

        `context` where its arguments decide, `path` where the path does that it is given, None for
        what asks the exchange for nothing. `owner` is the class, `attribute` the last name before
        the method, `first` the first argument when it is text.
        """
        if method.startswith('__') or method in _LIFECYCLE:
            return None
        part = owner.removesuffix('Api')
        plain = _VARIANT.sub('', method)
        spellings = [
            method,
            f'{owner}.{method}',
            f'{attribute}.{method}',
            f'{part.lower()}.{plain}',
            f'{_to_snake_case(part)}.{plain}',
            f'{method}({first})',
        ]
        if '.' in first:
            spellings.append(first)
        if self.exchange is None:
            spellings = [_to_snake_case(method), method]
        for level, names in self._method_patterns:
            if any(names.fullmatch(spelling) for spelling in spellings):
                return str(level)
        implicit = _classify_implicit_method(method) if self.exchange is None else None
        return implicit or 'unknown'

    def is_link(self, method: str) -> bool:
        """Tell whether a method or an attribute leads to a part of the client."""
        return self.chain is not None and self.chain.fullmatch(method) is not None

    def find_base(self, method: str) -> str:
        """Return what goes before the path that a method is given."""
        return next(
            (
                one.base
                for one in self._specs
                if one.level == 'path' and re.fullmatch(one.names, method)
            ),
            '',
        )

    def classify_request(self, verb: str, path: str) -> str | None:
        """Return the permission that a raw request needs, None for a path of nobody's.

        `verb` is empty where it is not known.
        """
        spellings = [f'{verb} {path}', path] if verb else [path]
        return next(
            (
                str(level)
                for level, names in self._method_patterns
                if any(names.fullmatch(spelling) for spelling in spellings)
            ),
            None,
        )

    def is_derivative(self, owner: str) -> bool:
        """Tell whether a class trades nothing but derivatives."""
        return _DERIVATIVE.fullmatch(owner) is not None


@lru_cache(maxsize=4096)
def _to_snake_case(method: str) -> str:
    """Turn `createOrder` into `create_order`; capitals in a row stay together (`fetchOHLCV`)."""
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', method).lower()


def _classify_implicit_method(method: str) -> str | None:
    """Classify ccxt's methods that stand for one request each.

    `sapiPostCapitalWithdrawApply`, `private_post_order`.
    """
    if _IMPLICIT.fullmatch(method) is None:
        return None
    plain = method.replace('_', '').lower()
    changes = any(verb in plain for verb in ('post', 'put', 'delete', 'patch'))
    if plain.startswith('public') or 'public' in plain[:12]:
        return 'public'
    if not changes or (re.search(r'get[a-z]*$', plain.split('post')[0]) and 'post' not in plain):
        return 'read'
    for level, words in (
        ('withdraw', ('withdraw',)),
        ('transfer', ('transfer',)),
        ('admin', ('apikey', 'subaccount', 'submember', 'subuser')),
        ('derivatives', ('leverage', 'position', 'fapi', 'dapi', 'contract', 'margintype')),
        ('margin', ('loan', 'borrow', 'repay')),
        ('trade', ('order', 'trade', 'cancel', 'buy', 'sell')),
    ):
        if any(word in plain for word in words):
            return level
    return 'read' if _IMPLICIT_READ.search(plain) else None


class Libraries:
    """All libraries, asked by full names. `issuer_of` tells the dossier of a ccxt exchange id."""

    def __init__(
        self,
        specs: Sequence[LibrarySpec],
        issuer_of: Callable[[str], str | None],
        language: str = 'python',
    ) -> None:
        every = [Library(spec) for spec in specs if spec.language == language]
        own = [library for library in every if not library.hosts]
        self._specs = specs
        self._languages: dict[str, Libraries] = {language: self}
        self.all = own if language == 'python' else [one for one in own if one.has_methods]
        self.raw = [Library(spec) for spec in specs if spec.hosts]
        self._find_issuer = issuer_of
        self._named = frozenset(name for spec in specs for name in spec.exchanges)
        self._known: dict[str, tuple[Library, str | None, str] | None] = {}
        self.imports = LibraryPrefilter([*own, *self.raw])
        self.factories = [library for library in self.all if library.factories is not None]
        self._modules = {
            module: library
            for library in self.all
            if library.exchange is None and library.classes is None
            for module in library.modules
        }
        self.has_chains = any(library.chain is not None for library in self.all)
        self._packages = {
            '.'.join(parts[:depth])
            for library in self.all
            for parts in (module.split('.') for module in library.modules)
            for depth in range(1, len(parts) + 1)
        }

    def _issuer_of(self, name: str) -> str | None:
        """Return the dossier of an exchange's name; the name itself where there is none."""
        return self._find_issuer(name) or (name if name in self._named else None)

    def for_language(self, language: str) -> Libraries:
        """Return the libraries of a language; the tables of endpoints are the same for all."""
        if language not in self._languages:
            self._languages[language] = Libraries(self._specs, self._find_issuer, language)
        return self._languages[language]

    def list_modules(self) -> frozenset[str]:
        """List the modules of libraries whose classes are named as exchanges."""
        return frozenset(self._modules)

    def find_factory(self, name: str) -> Library | None:
        """Return the library one of whose factories has a name."""
        return next(
            (one for one in self.factories if one.factories and one.factories.fullmatch(name)), None
        )

    def name_exchange(self, name: str) -> str | None:
        """Return the exchange that a text names."""
        return self._issuer_of(name.lower())

    def is_module(self, name: str) -> bool:
        """Tell whether a full name is the module of a library whose classes name the exchange."""
        return name in self._modules

    def is_part_of_library(self, name: str) -> bool:
        """Tell whether a full name is a library's module or a package around one."""
        return name in self._packages

    def is_exchange(self, name: str) -> bool:
        """Tell whether a text is an exchange's name as code writes it."""
        return name.islower() and self._issuer_of(name) is not None

    def make_unnamed_client(self, module: str) -> tuple[Library, None, str] | None:
        """Return a client of an exchange that only running would tell."""
        return (self._modules[module], None, '') if module in self._modules else None

    def find_client_class(self, name: str) -> tuple[Library, str | None, str] | None:
        """Find library, exchange and class of a full name.

        Such as `ccxt.async_support.kraken` or `binance.client.Client`.
        """
        if name not in self._known:
            self._known[name] = self._look_up_client_class(name)
        return self._known[name]

    def _look_up_client_class(self, name: str) -> tuple[Library, str | None, str] | None:
        module, _, last = name.rpartition('.')
        if not module:
            return None
        for library in self.all:
            if library.exchange is None and library.classes is None:
                if last.islower() and (
                    module in library.modules
                    or (
                        module.rpartition('.')[0] in library.modules and module.endswith(f'.{last}')
                    )
                ):
                    issuer = self._issuer_of(last)
                    if issuer is not None:
                        return library, issuer, last
            elif library.classes is not None and self._is_module_of(module, library):
                match = library.classes.fullmatch(last)
                if match is not None and library.exchange is not None:
                    return library, library.exchange, last
                if match is not None and 'exchange' not in match.groupdict():
                    return library, None, last
                issuer = self._name_exchange(match) if match is not None else None
                if issuer is not None:
                    return library, issuer, last
        return None

    def _name_exchange(self, match: re.Match[str]) -> str | None:
        """Return the exchange that the name of a class begins with."""
        name = match.groupdict().get('exchange') or ''
        words = re.findall(r'[A-Z][a-z0-9]*|[A-Z]+(?![a-z])', name) or [name]
        spelled = (''.join(words[:count]).lower() for count in range(len(words), 0, -1))
        return next((issuer for one in spelled if (issuer := self._issuer_of(one))), None)

    @staticmethod
    def _is_module_of(module: str, library: Library) -> bool:
        return any(module == own or module.startswith(f'{own}.') for own in library.modules)

    @staticmethod
    @lru_cache(maxsize=4096)
    def is_telling(method: str) -> bool:
        """Tell whether a method's name alone is worth a look at what object it is called on."""
        return _TELLING.fullmatch(method) is not None
