"""Read a package's modules, functions and imports with `ast`, without importing any of it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path

PARTICIPLES = frozenset(
    """
    begun bound bought broken brought built caught chosen done drawn driven fallen felt fled
    found given gone grown heard held hidden kept known laid led left lent lost made meant met
    paid said seen sent shown shut spent spoken stood sworn taken taught thought thrown told
    torn understood woken won worn written
    """.split()
)
NOT_PARTICIPLES = frozenset('embed exceed feed need proceed seed speed'.split())

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """A line that a measure counts, and what stands there."""

    path: str
    line: int
    note: str

    def __str__(self) -> str:
        return f'{self.path}:{self.line}: {self.note}'


@dataclass(frozen=True)
class Module:
    """One parsed source file; `name` is dotted and has no `__init__`."""

    name: str
    path: str
    text: str
    tree: ast.Module
    is_package: bool

    def place_of(self, node: ast.AST, note: str) -> Place:
        """Return where `node` stands in this module."""
        return Place(self.path, getattr(node, 'lineno', 1), note)


@dataclass(frozen=True)
class Import:
    """One imported module or name at run time; `target` is dotted and may end in a name."""

    module: Module
    node: ast.Import | ast.ImportFrom
    target: str
    is_in_function: bool


@dataclass
class Shape:
    """All modules of a package, with what is counted in them, each counted once."""

    modules: list[Module]
    package: str
    functions: list[tuple[Module, FunctionNode]] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)

    def __post_init__(self) -> None:
        for module in self.modules:
            self.imports.extend(find_imports(module))
            self.functions.extend(
                (module, node) for node in ast.walk(module.tree) if isinstance(node, FunctionNode)
            )

    @cached_property
    def named_functions(self) -> list[tuple[Module, FunctionNode]]:
        """Leave out `__init__` and its like, whose names nobody chose."""
        return [
            (module, node)
            for module, node in self.functions
            if not re.fullmatch('__.*__', node.name)
        ]

    @cached_property
    def one_word(self) -> list[Place]:
        """List functions whose name, without outer underscores, is a single word."""
        return [
            module.place_of(node, node.name)
            for module, node in self.named_functions
            if '_' not in node.name.strip('_')
        ]

    @cached_property
    def participles(self) -> list[Place]:
        """List functions whose name begins with a past participle (`_told`, `marked_lines`)."""
        return [
            module.place_of(node, node.name)
            for module, node in self.named_functions
            if is_participle(node.name.strip('_').split('_')[0])
        ]

    def find_long_functions(self, lines: int) -> list[Place]:
        """List functions longer than `lines`, longest first."""
        places = [
            (count_lines(node), module.place_of(node, f'{node.name}, {count_lines(node)} lines'))
            for module, node in self.functions
            if count_lines(node) > lines
        ]
        return [place for _, place in sorted(places, key=lambda pair: -pair[0])]

    def find_long_files(self, lines: int) -> list[Place]:
        """List files longer than `lines`."""
        lengths = [(module.path, len(module.text.splitlines())) for module in self.modules]
        return [Place(path, 1, f'{length} lines') for path, length in lengths if length > lines]

    @cached_property
    def widths(self) -> list[tuple[Module, int, int]]:
        """Give module, line number and columns of every line that is not blank."""
        return [
            (module, number, len(line))
            for module in self.modules
            for number, line in enumerate(module.text.splitlines(), 1)
            if line.strip()
        ]

    def find_wide_lines(self, columns: int) -> list[Place]:
        """List lines wider than `columns`."""
        return [
            Place(module.path, number, f'{width} columns')
            for module, number, width in self.widths
            if width > columns
        ]

    @cached_property
    def any_signatures(self) -> list[Place]:
        """List functions with `Any` in an annotation of a parameter or of the result."""
        return [
            module.place_of(node, node.name) for module, node in self.functions if takes_any(node)
        ]

    @cached_property
    def function_imports(self) -> list[Place]:
        """List import statements in functions, one place per statement."""
        places = {
            (each.module.path, each.node.lineno): each.module.place_of(
                each.node, ast.unparse(each.node)
            )
            for each in self.imports
            if each.is_in_function
        }
        return list(places.values())

    @cached_property
    def own_function_imports(self) -> int:
        """Count the import statements in functions that import from the package itself."""
        return len(
            {
                (each.module.path, each.node.lineno)
                for each in self.imports
                if each.is_in_function and each.target.split('.')[0] == self.package
            }
        )

    @cached_property
    def loose_modules(self) -> list[Place]:
        """List modules that lie beside the packages, `__init__` left out."""
        return [
            Place(module.path, 1, module.name)
            for module in self.modules
            if module.name.count('.') == 1 and not module.is_package
        ]

    @cached_property
    def ambiguous_classes(self) -> list[Place]:
        """List every definition of a class name that two modules define.

        Leading underscores are stripped: `_Mark` in one module and `Mark` in another are one name
        with two meanings.
        """
        found: dict[str, dict[str, Place]] = defaultdict(dict)
        for module in self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ClassDef):
                    place = module.place_of(node, node.name.lstrip('_'))
                    found[node.name.lstrip('_')].setdefault(module.path, place)
        ambiguous = (places for _, places in sorted(found.items()) if len(places) > 1)
        return list(chain.from_iterable(places.values() for places in ambiguous))

    def find_circles(self, *, in_functions: bool, with_root: bool) -> list[list[str]]:
        """Find groups of modules that import each other at run time, directly or not.

        A module does not count as importing the packages it lies in. `with_root` adds the package's
        own `__init__`, which a version number or a lazy API ties into a circle easily.
        """
        names = {module.name for module in self.modules if with_root or module.name != self.package}
        edges: dict[str, set[str]] = {name: set() for name in names}
        for each in self.imports:
            target = each.target if each.target in names else each.target.rpartition('.')[0]
            if (
                each.module.name in names
                and target in names
                and (in_functions or not each.is_in_function)
            ):
                edges[each.module.name].add(target)
        reached = {name: reach_from(name, edges) for name in names}
        circles = {
            frozenset(other for other in reached[name] if name in reached[other]) for name in names
        }
        return sorted(sorted(circle) for circle in circles if circle)

    @cached_property
    def circles(self) -> list[Place]:
        """List all circles, in-function imports and the package's `__init__` included."""
        paths = {module.name: module.path for module in self.modules}
        circles = self.find_circles(in_functions=True, with_root=True)
        return [Place(paths[circle[0]], 1, ' <-> '.join(circle)) for circle in circles]


def reach_from(start: str, edges: dict[str, set[str]]) -> set[str]:
    """Return the nodes reachable from `start`: itself only if it is on a circle."""
    reached: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(edges[name])
    return reached


def read_modules(checkout: Path, package: str) -> list[Module]:
    """Parse every Python file of the package. Raises SystemExit if there is none."""
    modules = []
    for path in sorted((checkout / package).rglob('*.py')):
        parts = path.relative_to(checkout).with_suffix('').parts
        is_package = parts[-1] == '__init__'
        name = '.'.join(parts[:-1] if is_package else parts)
        text = path.read_text(encoding='utf-8')
        shown = path.relative_to(checkout).as_posix()
        modules.append(Module(name, shown, text, ast.parse(text), is_package))
    if not modules:
        raise SystemExit(f'{checkout / package}: no Python files')
    return modules


def find_imports(module: Module) -> Iterator[Import]:
    """Yield what the module imports at run time, at any depth, and whether in a function."""
    waiting: list[tuple[ast.AST, bool]] = [(module.tree, False)]
    while waiting:
        node, is_inside = waiting.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, node, alias.name, is_inside)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_base(module, node)
            for alias in node.names:
                yield Import(module, node, f'{base}.{alias.name}', is_inside)
        elif isinstance(node, ast.If) and is_type_checking(node.test):
            waiting.extend((child, is_inside) for child in node.orelse)
        else:
            deeper = is_inside or isinstance(node, FunctionNode | ast.Lambda)
            waiting.extend((child, deeper) for child in ast.iter_child_nodes(node))


def resolve_base(module: Module, node: ast.ImportFrom) -> str:
    """Return the absolute dotted name that `from … import` starts from."""
    if not node.level:
        return node.module or ''
    parts = module.name.split('.')
    kept = parts[: len(parts) - node.level + module.is_package]
    return '.'.join([*kept, node.module] if node.module else kept)


def is_type_checking(test: ast.expr) -> bool:
    """Tell whether an `if` holds imports for the type checker only."""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, 'id', '')
    return name == 'TYPE_CHECKING'


def is_participle(word: str) -> bool:
    """Tell whether a word of a name is a past participle, by its ending or by a list."""
    if word in NOT_PARTICIPLES:
        return False
    return word in PARTICIPLES or bool(re.fullmatch('[a-z]{2,}ed', word))


def count_lines(node: FunctionNode) -> int:
    """Count the lines from `def` to the end; decorators are left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def list_parameters(node: FunctionNode) -> list[ast.arg]:
    """Return all parameters but `self` and `cls`, `*args` and `**kwargs` included."""
    arguments = node.args
    stars = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *stars]
    return [each for each in found if each.arg not in ('self', 'cls')]


def takes_any(node: FunctionNode) -> bool:
    """Tell whether `Any` stands in an annotation of the signature."""
    annotations = [node.returns, *(each.annotation for each in list_parameters(node))]
    return any(
        getattr(part, 'id', getattr(part, 'attr', '')) == 'Any'
        for annotation in annotations
        if annotation is not None
        for part in ast.walk(annotation)
    )
