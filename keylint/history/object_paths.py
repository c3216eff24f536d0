"""Choose the paths under which an object is scanned: one for each kind of path that it has.

The same bytes may be at several paths: one is excluded, one has ignored rules, and one has a suffix
that selects another reader. A finding under any of them counts.
"""

from __future__ import annotations

from keylint.core.config import Config
from keylint.core.paths import describe_folders
from keylint.core.records import NamedTuple
from keylint.rules.load import Rules


class PathKind(NamedTuple):
    """The properties of a path that affect a scan: two paths of a kind give the same findings.

    `name` is the last part, which decides format and container and may name an environment.
    `issuers` are those that the folders name, `folders` what they say about tests and packages,
    `ignores` the indexes of the `per-path-ignores` that match.
    """

    name: str
    issuers: frozenset[str]
    folders: tuple[bool, ...]
    ignores: tuple[int, ...]


class PathKinds:
    """Finds the kinds of paths; each path is looked at once."""

    def __init__(self, rules: Rules, config: Config) -> None:
        self._rules = rules
        self._config = config
        self._known: dict[str, PathKind | None] = {}

    def find(self, path: str) -> PathKind | None:
        """Find the kind of a path; None if the configuration excludes it."""
        if path not in self._known:
            self._known[path] = self._make_kind(path)
        return self._known[path]

    def list_paths(self) -> list[str]:
        """List the requested paths that are not excluded, in the order of the requests."""
        return [path for path, kind in self._known.items() if kind is not None]

    def _make_kind(self, path: str) -> PathKind | None:
        config = self._config
        if config.is_excluded(path):
            return None
        return PathKind(
            path.replace('\\', '/').rpartition('/')[2],
            frozenset(self._rules.pack.issuers_in_path(path)),
            describe_folders(path),
            tuple(
                number
                for number, (pattern, _) in enumerate(config.per_path_ignores)
                if config.matches_path(path, pattern)
            ),
        )


class ObjectPaths:
    """The paths under which objects are scanned.

    An excluded path is kept only for an object that has no other; the object is counted under it.
    """

    def __init__(self, kinds: PathKinds) -> None:
        self.kinds = kinds
        self._first: dict[str, str] = {}
        self._more: dict[str, list[str]] = {}
        self._labels: dict[str, str] = {}

    def add(self, name: str, path: str) -> None:
        """Add a path of an object, unless it has one of the kind."""
        first = self._first.get(name)
        kind = self.kinds.find(path)
        if first is None:
            self._first[name] = path
        elif first != path and kind is not None:
            known = self.kinds.find(first)
            if known is None:
                self._first[name] = path
            elif kind != known and kind not in map(self.kinds.find, self._more.get(name, ())):
                self._more.setdefault(name, []).append(path)

    def add_nameless(self, name: str, label: str) -> None:
        """Add the report name of an object without a path; no configured pattern applies to it."""
        self._labels[name] = label

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def list_names(self) -> list[str]:
        """List the ids of all objects."""
        return [*self._first, *(name for name in self._labels if name not in self._first)]

    def list_paths(self, name: str) -> tuple[str, ...]:
        """List the paths of an object, one for each kind, or its report name if it has none."""
        first = self._first.get(name)
        return (self._labels[name],) if first is None else (first, *self._more.get(name, ()))

    def is_excluded(self, name: str) -> bool:
        """Tell whether all paths of an object are excluded."""
        first = self._first.get(name)
        return first is not None and self.kinds.find(first) is None
