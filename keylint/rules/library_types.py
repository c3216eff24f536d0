"""Records of the compiled file of libraries, used to read code."""

from typing import Literal

from keylint.core.records import NamedTuple
from keylint.core.terms import Permission
from keylint.rules.types import Row


class MethodSpec(NamedTuple):
    """Methods of a library that need one level; `names` is a regular expression of whole names.

    The level `path` is for methods that request a path given by the caller; `base` is prefixed to
    that path.
    """

    level: Permission | Literal['public', 'context', 'path']
    names: str
    base: str = ''


class LibrarySpec(NamedTuple):
    """A library whose calls show which permissions a program needs.

    `exchange` is None if the class names it; `classes` is a regular expression of client classes;
    `hosts` are parts of addresses, `markers` headers or parameters with a key, and `bases` the
    beginnings of its paths if code keeps those separate. `chain` is a regular expression of methods
    that return a part of the client, whose name its groups give. If `delegates` is not None, a
    client's key is a wallet's: one of these arguments says that it is an agent's. A library of
    another language without methods is only named, if `sieve` matches in the file too. `factories`
    is a regular expression of functions that make a client from a class, or from an exchange's
    name. `exchanges` are those that its classes name and that no dossier has.
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
        """Make the record from a cached row."""
        spec = cls._make(row)
        return spec._replace(methods=tuple(map(MethodSpec._make, spec.methods)))
