"""What no single file can say: keys against the code that uses them, sibling keys against each other, the inventory against the tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from keylint.api_usage.frameworks import needs as framework_needs
from keylint.api_usage.methods import Libraries, Others
from keylint.core.config import Config
from keylint.core.model import (
    LEVELS,
    Cell,
    CodeFacts,
    Fact,
    Finding,
    Fragment,
    Place,
    Related,
    Statement,
    Use,
)
from keylint.core.spans import Lines, to_blob
from keylint.core.workers import map_unordered
from keylint.declarations.extract import issuer_of
from keylint.findings.build import is_shown, of_tree
from keylint.policies.check_declarations import statement
from keylint.policies.least_privilege import Need, join
from keylint.readers.decode import to_text
from keylint.rules.rule_set import Pack

_CODE = ('.py', '.pyw', '.ipynb')
_SETTINGS = ('.json', '.jsonc', '.yml', '.yaml', '.py')
_RISKY = ('withdraw', 'transfer', 'admin')
_REFERENCE = re.compile(r'(?:env(?:ironment)?:)?([A-Za-z_][A-Za-z0-9_]{3,})')
Read = Callable[[str], bytes]


class Seen(NamedTuple):
    """What one file adds to the picture of the code."""

    facts: tuple[CodeFacts, ...] = ()
    uses: tuple[Use, ...] = ()


class Code(NamedTuple):
    """The needs of all exchanges, and the files that import an exchange's library but are no Python 3."""

    needs: dict[str | None, Need]
    unparsed: tuple[str, ...]


def look_at_code(paths: Sequence[str], read: Read, pack: Pack) -> Code:
    """What every Python file, notebook and bot configuration among `paths` says together."""
    libraries = Libraries(pack.tables['libraries'], lambda name: issuer_of(name, pack))
    wanted = [path for path in paths if path.endswith(_CODE) or path.endswith(_SETTINGS)]

    def first(path: str) -> Seen:
        return _seen(path, read, libraries, pack, None)

    seen = list(map_unordered(first, wanted))
    names = {name for one in seen for fact in one.facts for name, _ in fact.exports}
    known = {fact.path for one in seen for fact in one.facts}
    if names:
        others = Others(names)
        rest = [path for path in wanted if path.endswith(_CODE) and path not in known]
        seen += list(map_unordered(lambda path: _seen(path, read, libraries, pack, others), rest))
    facts = [fact for one in seen for fact in one.facts]
    unparsed = tuple(sorted(fact.path for fact in facts if not fact.is_parsed))
    needs = join(facts, [use for one in seen for use in one.uses], libraries)
    return Code(
        {
            issuer: need._replace(is_exact=need.is_exact and not unparsed)
            for issuer, need in needs.items()
        },
        unparsed,
    )


def _seen(path: str, read: Read, libraries: Libraries, pack: Pack, names: Others | None) -> Seen:
    """One file: its code where it imports a library (or speaks of `names`), its settings where it is a bot's configuration."""
    try:
        data, is_text = to_text(read(path))
    except OSError:
        return Seen()
    if not is_text:
        return Seen()
    facts: list[CodeFacts] = []
    if path.endswith(_CODE) and (
        names.search(data)
        if names
        else libraries.imports.search(data) or (path.endswith('.ipynb') and b'import' in data)
    ):
        facts = list(_analysed(path, data, libraries))
    uses = (
        framework_needs(path, data, lambda name: issuer_of(name, pack))
        if names is None and path.endswith(_SETTINGS)
        else ()
    )
    return Seen(tuple(facts), tuple(uses))


def _analysed(path: str, data: bytes, libraries: Libraries) -> Iterator[CodeFacts]:
    from keylint.api_usage.clients import analyse, plain_cell  # noqa: PLC0415 - only for files that import an exchange's library

    if not path.endswith('.ipynb'):
        yield analyse(data, path, libraries)
        return
    from keylint.readers.notebook import fragments  # noqa: PLC0415

    cells = [
        fragment
        for fragment in fragments(data) or ()
        if fragment.cell is not None and fragment.cell.part == 'source'
    ]
    plain = [plain_cell(fragment.data) for fragment in cells]
    source = b'\n'.join(code for code, _ in plain)
    if libraries.imports.search(source):
        facts = analyse(source, path, libraries)
        yield _in_notebook(
            facts._replace(is_exact=facts.is_exact and all(is_code for _, is_code in plain)),
            data,
            cells,
        )


def _in_notebook(facts: CodeFacts, data: bytes, cells: list[Fragment]) -> CodeFacts:
    """The facts of a notebook's joined cells, with the lines and columns of its file."""
    lines = Lines(data)
    starts = list(accumulate((fragment.data.count(b'\n') + 1 for fragment in cells), initial=1))

    def found(line: int, column: int) -> tuple[int, int, int | None]:
        index = bisect_right(starts, line) - 1
        texts = cells[index].data.split(b'\n')
        number = line - starts[index]
        offset = sum(len(text) + 1 for text in texts[:number]) + len(
            texts[number].decode('utf-8', 'replace')[: column - 1].encode()
        )
        place = lines.place(*to_blob(cells[index], offset, offset + 1))
        cell = cells[index].cell
        return place.line, place.column, cell.number if cell else None

    uses = []
    for use in facts.uses:
        line, column, cell = found(use.line, use.column)
        uses.append(use._replace(line=line, column=column, cell=cell))
    clients = tuple(client._replace(line=found(client.line, 1)[0]) for client in facts.clients)
    loose = tuple((*call[:3], *found(*call[3:])[:2]) for call in facts.loose)
    return facts._replace(uses=tuple(uses), clients=clients, loose=loose)


def is_worth_it(facts: Sequence[Fact], config: Config) -> bool:
    """Whether the code must be looked at: something is declared that it can be held against, or calls are asked for."""
    return config.severity == 'info' or any(
        fact.said.issuer and (fact.said.levels or fact.said.denied) for fact in facts
    )


def judge_tree(
    facts: Sequence[Fact], read: Read, paths: Sequence[str], pack: Pack, config: Config
) -> list[Finding]:
    """The findings of the whole tree, sorted, marks and thresholds applied."""
    facts = sorted(facts, key=lambda fact: (fact.path, fact.place))  # workers end in any order
    found = [*_siblings(facts, pack, config)]
    beyond: list[tuple[Found, tuple[Related, ...]]] = []
    if is_worth_it(facts, config):
        code = look_at_code(paths, read, pack).needs
        beyond = list(_beyond_code(facts, code, pack))
        found += [
            *_calls(facts, code, pack),
            *_unknown_to_inventory(facts, code, pack),
            *_unused(facts, read, paths, pack),
        ]
    shown = [of_tree(one, read)._replace(related=related) for one, related in beyond] + [
        of_tree(one, read) for one in found
    ]
    return sorted(
        (finding for finding in shown if is_shown(finding, config)),
        key=lambda f: (f.path, f.place.line, f.place.column, f.rule),
    )


Found = tuple[str, Place, Statement, tuple[tuple[int, tuple[str, ...], str], ...] | None]


def _of_fact(fact: Fact, rule: str, case: str, message: str, topic: str, pack: Pack) -> Found:
    place = next((place for name, place in fact.topics if name == topic), fact.place)
    return (
        fact.path,
        place,
        statement(rule, case, message, 0, (0, 0), fact.said, pack),
        fact.accepted,
    )


def _siblings(facts: Sequence[Fact], pack: Pack, config: Config) -> Iterator[Found]:
    """Keys of one account: too many of them, or several for one purpose that differ."""
    limit = config.limits(pack.tables['policies']['thresholds'])['max-keys']
    accounts: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if fact.said.issuer and fact.said.account and fact.said.source == 'inventory':
            accounts.setdefault((fact.said.issuer, fact.said.account), []).append(fact)
    for (_, account), keys in sorted(accounts.items()):
        if len(keys) > limit:
            yield _of_fact(
                keys[limit],
                'keys-too-many',
                'else',
                f'{len(keys)} keys of the account {account}; {limit} is the most.',
                'label',
                pack,
            )
        jobs: dict[str, list[Fact]] = {}
        for fact in keys:
            jobs.setdefault(fact.said.purpose, []).append(fact)
        for job, same in sorted(jobs.items()):
            first = same[0]
            for other in same[1:] if job else []:
                differing = [
                    what
                    for what, a, b in (
                        ('rights', first.said.levels, other.said.levels),
                        ('IP list', sorted(first.said.addresses), sorted(other.said.addresses)),
                    )
                    if a != b
                ]
                if differing:
                    yield _of_fact(
                        other,
                        'keys-drift',
                        'else',
                        f'Its {" and ".join(differing)} differ from that of "{first.said.label}".',
                        'ip',
                        pack,
                    )


def _listed(levels: set[str]) -> str:
    return ', '.join(level for level in LEVELS if level in levels)


def _beyond_code(
    facts: Sequence[Fact], code: dict[str | None, Need], pack: Pack
) -> Iterator[tuple[Found, tuple[Related, ...]]]:
    """Rights that no call needs, where both sides are known; with the calls that prove what is needed."""
    for fact in facts:
        need = code.get(fact.said.issuer)
        if need is None or fact.said.levels is None or not need.is_exact or not need.needs_key:
            continue
        beyond = set(fact.said.levels) - set(need.levels) - {'read'}
        if beyond:
            proving = [use for level in need.levels if (use := need.proof(level))]
            proofs = ', '.join(f'{use.call} ({use.path}:{use.line})' for use in proving)
            said = f'It may {_listed(beyond)}; the code needs {_listed(set(need.levels)) or "no rights"}'
            path, place, stated, accepted = _of_fact(
                fact,
                'key-exceeds-code',
                'withdraw' if beyond & set(_RISKY) else 'else',
                f'{said}{": " + proofs if proofs else ""}.',
                max(beyond, key=LEVELS.index),
                pack,
            )
            # The lines of the proofs stand in the message, but the finding keeps its name when they move.
            stated = stated._replace(
                identity=f'{stated.rule}|{fact.said.issuer}|{fact.said.account}|{fact.said.label}|{fact.said.document}|{said}'
            )
            yield (path, place, stated, accepted), tuple(_proof(use) for use in proving)


def _proof(use: Use) -> Related:
    """The place of a call that needs a level."""
    width = len(f'{use.client}.{use.call}') if use.client else 1
    place = Place(use.line, use.column, use.line, use.column + width)
    return Related(
        use.path,
        place,
        f'{use.call} needs {use.level}',
        None if use.cell is None else Cell(use.cell, 'source'),
    )


def _calls(facts: Sequence[Fact], code: dict[str | None, Need], pack: Pack) -> Iterator[Found]:
    """Calls that withdraw or transfer: worth knowing, and wrong where the inventory forbids them."""
    for issuer, need in code.items():
        denied = {
            level for fact in facts if fact.said.issuer == issuer for level in fact.said.denied
        }
        for use in need.uses:
            if use.level in ('withdraw', 'transfer'):
                case = 'denied' if use.level in denied else 'else'
                place = Place(use.line, use.column, use.line, use.column + len(use.call))
                rule = 'code-withdraws' if use.level == 'withdraw' else 'code-transfers'
                forbids = ' The inventory says that the key must not.' if case == 'denied' else ''
                yield (
                    use.path,
                    place,
                    statement(
                        rule,
                        case,
                        f'{use.call} of {use.library}.{forbids}',
                        0,
                        (0, 0),
                        None,
                        pack,
                        issuer,
                    ),
                    None,
                )


def _unknown_to_inventory(
    facts: Sequence[Fact], code: dict[str | None, Need], pack: Pack
) -> Iterator[Found]:
    """Exchanges whose keys the code uses, missing from an inventory that exists."""
    inventory = [fact for fact in facts if fact.said.source == 'inventory']
    declared = {fact.said.issuer for fact in facts}
    for issuer, need in code.items() if inventory else ():
        client = next((client for client in need.clients if client.has_key), None)
        if issuer is not None and issuer not in declared and client is not None:
            place = Place(client.line, 1, client.line, 2)
            message = f'The client gets a key{" from " + ", ".join(client.references[:2]) if client.references else ""}.'
            yield (
                client.path,
                place,
                statement('key-undeclared', 'else', message, 0, (0, 0), None, pack, issuer),
                None,
            )


def _unused(facts: Sequence[Fact], read: Read, paths: Sequence[str], pack: Pack) -> Iterator[Found]:
    """Declared keys whose reference stands nowhere else in the tree."""
    wanted: dict[str, list[Fact]] = {}
    for fact in facts:
        match = (
            _REFERENCE.fullmatch(fact.said.secret_ref) if fact.said.source == 'inventory' else None
        )
        if match is not None:
            wanted.setdefault(match.group(1), []).append(fact)
    own = {fact.path for fact in facts}
    missing = set(wanted)
    for path in paths if any(path not in own and path.endswith(_CODE) for path in paths) else ():
        if not missing:
            return
        if path in own:
            continue
        try:
            data = read(path)
        except OSError:
            continue
        missing -= {name for name in missing if name.encode() in data}
    if not any(path not in own and path.endswith(_CODE) for path in paths):
        return
    for name in sorted(missing):
        for fact in wanted[name]:
            yield _of_fact(
                fact, 'key-unused', 'else', f'{name} stands nowhere else.', 'label', pack
            )
