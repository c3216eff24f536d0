"""Records of the compiled file of libraries, by which code is read."""

from typing import Literal

from keylint.core.records import NamedTuple
from keylint.core.terms import Permission
from keylint.rules.types import Row


class MethodSpec(NamedTuple):
    """Methods of a library that need one level; `names` is a regular expression of whole names.

    The level `path` stands for methods that ask for whatever path they are given; `base` is what
    goes before it.
    """

    level: Permission | Literal['public', 'context', 'path']
    names: str
    base: str = ''


class LibrarySpec(NamedTuple):
    """A library whose calls tell which permissions a program needs.

    `exchange` is None where the class names it; `classes` is a regular expression of client
    classes; `hosts` are parts of addresses, `markers` headers or parameters that carry a key, and
    `bases` what its paths begin with where code keeps that apart. `chain` is a regular expression
    of methods that return a part of the client, whose name its groups give. Where `delegates` is no
    None, a client's key is a wallet's: one of these arguments says that it is an agent's. A
    library of another language without methods is only named, where `sieve` stands in the file
    too. `factories` is a regular expression of functions that make a client of a class, or of an
    exchange's name. `exchanges` are those that its classes name and that no dossier has.
    """

    id: str
    exchange: str | None
    modules: tuple[str, ...]
    classes: str | None
    hosts: tuple[str, ...]
    markers: tuple[str, ...]
    methods: tuple[MethodSpec, ...]
    source: str
    bases: tuple[str, ...] = ()
    chain: str | None = None
    language: str = 'python'
    delegates: tuple[str, ...] | None = None
    factories: str | None = None
    sieve: str | None = None
    exchanges: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: Row) -> 'LibrarySpec':
        """Make the record of a cached row."""
        spec = cls._make(row)
        return spec._replace(methods=tuple(map(MethodSpec._make, spec.methods)))
