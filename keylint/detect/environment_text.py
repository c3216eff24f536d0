"""Evidence for an environment in plain text and programs: calls, objects, variables, blocks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property

from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.records import NamedTuple
from keylint.detect.code_outline import CodeOutline
from keylint.detect.environment_marks import Evidence, IssuerMarks, declares_only
from keylint.rules.rule_set import RuleSet

# A setting, an argument or a header in any language: name, perhaps its type, operator, value.
SETTING = defer_regex(
    rb'(?P<name>[A-Za-z_][\w-]{0,60})["\'`\])]{0,3}[ \t]{0,8}'
    rb'(?::[ \t]{0,4}(?P<type>bool|boolean|Boolean|str|string|String|int)[ \t]{0,4}=(?!=)'
    rb'|=>|:=|=(?!=)|:(?!:|//))'
    rb'[ \t]{0,8}["\'`]?(?P<value>[A-Za-z0-9_.\-]{1,40})'
)
_ASSIGNMENT = defer_regex(
    rb'(?m)^[ \t]*+'
    rb'(?:(?:export|const|let|var|final|static|public|private)[ \t]++|(?:self|this)\.)*+'
    rb'(?P<name>[A-Za-z_]\w*+)[ \t]*+(?::[ \t]*[\w.<>\[\]| ]{1,40})?(?::=|=(?!=))(?P<value>[^\n]*)'
)
_IDENTIFIER = defer_regex(rb'[A-Za-z_]\w*')
_LITERAL = defer_regex(rb'\s*["\']?([A-Za-z0-9_.\-]{1,40})["\']?\s*[;,]?\s*\Z')
# Methods by which clients of ccxt choose the sandbox or demo trading.
METHOD = defer_regex(
    rb'\.(?P<method>set_?[sS]andbox_?[mM]ode|enable_?[dD]emo_?[tT]rading)'
    rb'\s*\(\s*+(?:enabled?\s*=\s*+)?(?P<value>[\w.]{0,40})\s*\)'
)
# ccxt's older way: `exchange.urls['api'] = exchange.urls['test']`.
_URLS = defer_regex(rb'\.urls\[["\']api["\']\]\s*=\s*[\w.]+\.urls\[["\']test["\']\]')
# What stands before a bracket, read backwards, which takes one match and no search: what is called,
# the words and the operator before it, perhaps a type, and the variable or key that gets the value.
_TARGET = defer_regex(
    rb'(?P<callee>[\w.]*)(?:\s+(?:tiawa|wen|nruter|dleiy)\b)*\s*'
    rb'(?:(?:=:|=(?![=!<>])|:)[ \t]*(?:[\w.<>\[\]|]{1,40}[ \t]*:[ \t]*)?["\'\]]{0,2}'
    rb'(?P<name>[\w.\-]*[A-Za-z_]))?'
)
_OWNER = defer_regex(rb'[\w.]*')
_DECLARED = defer_regex(
    rb'(?P<name>[A-Za-z_][\w-]*)["\'`\])]{0,3}[ \t]*(?::[ \t]*[A-Za-z]\w*[ \t]*)?(?:=(?!=)|:(?!//))'
)
_IMPORT = defer_regex(rb'\s*(?:from\b|import\b|const\s*\{[^}]*\}\s*=\s*require|use\b)')
_CLASS = defer_regex(rb'\bclass\s+(?P<name>\w+)')
# What follows or precedes a value that is only one of several: `URL if TEST else …`, `TEST ? …`.
_CHOICE_BEHIND = defer_regex(rb'[^,;\n(){}\[\]]{0,120}?(?:[ \t](?:if|or)[ \t]|\?|\|\|)')
_CHOICE_BEFORE = defer_regex(rb'(?:\?|\|\||&&|[ \t](?:or|and|else)[ \t])[^,;\n(){}\[\]]{0,120}\Z')
# The default of a variable of a shell or a template: `${URL:-https://…}`.
_DEFAULT = defer_regex(rb'\$\{[^}\n]{0,80}\Z')
_ON, OFF = (b'true', b'1', b'yes'), (b'false', b'0', b'no')
# What may stand before a client on whose line a method is called.
_OWNERS = (b'', b'await', b'self.', b'this.', b'exports.', b'module.exports.')
_BEFORE_BYTES = 200
_MAX_USES = 40
_MAX_HOPS = 3


class Use(NamedTuple):
    """A call or an object that takes a key's variable: what is called, and what it tells."""

    callee: str
    evidence: tuple[Evidence, ...]


class TextView:
    """A text, or a stretch of a long one that begins at `base`, with what it says by offset."""

    def __init__(self, data: bytes, base: int, ending: str) -> None:
        self.base = base
        self.outline = CodeOutline(data, ending)
        self._evidence: dict[str, list[Evidence]] = {}
        self._counts: Counter[int] | None = None
        self._targets: dict[int, tuple[str, str]] = {}

    @cached_property
    def assignments(self) -> dict[bytes, list[tuple[int, int]]]:
        """Where each variable is assigned: from its name to the end of the line."""
        found: dict[bytes, list[tuple[int, int]]] = {}
        for match in _ASSIGNMENT.finditer(self.outline.code):
            if not self.outline.list_groups(match.start('name'), match.end('name')):
                found.setdefault(match['name'], []).append((match.start('name'), match.end()))
        return found

    @cached_property
    def identifiers(self) -> dict[bytes, list[int]]:
        """Where each identifier stands."""
        found: dict[bytes, list[int]] = {}
        for match in _IDENTIFIER.finditer(self.outline.code):
            found.setdefault(match.group(), []).append(match.start())
        return found

    def list_evidence(self, marks: IssuerMarks, pack: RuleSet) -> list[Evidence]:
        """List all that speaks for an environment of the issuer's keys, by offset."""
        found = self._evidence.get(marks.issuer)
        if found is None:
            outline = self.outline
            listed = [*marks.find_hosts(outline.text), *marks.find_constants(outline.code)]
            listed += self._find_switches(marks, pack)
            listed += self._find_calls(marks)
            found = [one for one in listed if not self._is_undecided(one)]
            found.sort(key=lambda one: one.start)
            self._evidence[marks.issuer] = found
        return found

    def _is_undecided(self, one: Evidence) -> bool:
        """Tell whether it is a default, or one of several values of which the program takes one."""
        code, start = self.outline.code, one.start
        groups = self.outline.list_groups(start, start + 1)
        if any(self.outline.groups[number].kind == 'parameters' for number in groups):
            return True
        first = max(code.rfind(b'\n', 0, start) + 1, start - _BEFORE_BYTES)
        return (
            _CHOICE_BEHIND.match(code, one.end) is not None
            or _CHOICE_BEFORE.search(code, first, start) is not None
            or _DEFAULT.search(code, first, start) is not None
        )

    def _find_switches(self, marks: IssuerMarks, pack: RuleSet) -> Iterable[Evidence]:
        for match in SETTING.finditer(self.outline.text):
            name = match['name'].decode()
            value = self._resolve(match['value'])
            if value is None:
                continue
            one = marks.read_switch(name, value.decode(), match.start(), match.end(), pack)
            if one is not None:
                # The default of a field in a class may be overridden as that of a parameter.
                is_default = match['type'] is not None
                yield one._replace(
                    receiver=self._find_owner(match.start()), is_guess=one.is_guess or is_default
                )

    def _find_owner(self, start: int) -> str:
        """Return the object whose attribute begins at an offset; empty for a plain name."""
        if self.outline.code[start - 1 : start] != b'.':
            return ''
        owner = self._read_receiver(start - 1) or '?'
        return '' if owner in ('self', 'this', 'cls') else owner

    def _read_receiver(self, dot: int) -> str:
        """Return the dotted name before a dot."""
        before = self.outline.code[max(0, dot - _BEFORE_BYTES) : dot][::-1]
        match = _OWNER.match(before)
        return match.group()[::-1].decode('utf-8', 'replace') if match else ''

    def _resolve(self, value: bytes) -> bytes | None:
        """Return a literal, or that of the variable which the value is; None for anything else."""
        lines = self.assignments.get(value)
        if lines is None:
            return value
        if len(lines) != 1:
            return None
        _, _, right = self.outline.text[slice(*lines[0])].partition(b'=')
        literal = _LITERAL.match(right)
        return literal.group(1) if literal else None

    def _find_calls(self, marks: IssuerMarks) -> Iterable[Evidence]:
        for match in METHOD.finditer(self.outline.text):
            value = (self._resolve(match['value']) or b'').lower()
            if value in _ON or value in OFF:
                is_on = value in _ON
                yield Evidence(
                    marks.main if is_on else 'live',
                    'call',
                    f'call {match["method"].decode()}({"true" if is_on else "false"})',
                    match.start(),
                    match.end(),
                    receiver=self._read_receiver(match.start()),
                )
        for match in _URLS.finditer(self.outline.text):
            text = "call urls['api'] = urls['test']"
            receiver = self._read_receiver(match.start())
            yield Evidence(marks.main, 'call', text, match.start(), match.end(), receiver=receiver)

    def select(self, found: list[Evidence], start: int, end: int) -> list[Evidence]:
        """Select the evidence that begins within `start:end`."""
        first = bisect_left(found, start, key=lambda one: one.start)
        last = bisect_left(found, end, key=lambda one: one.start)
        return found[first:last]

    def read_group(self, number: int, found: list[Evidence]) -> list[Evidence]:
        """Return what a call or an object tells, and the variables that it is given."""
        group = self.outline.groups[number]
        inner = [
            one
            for one in self.select(found, group.start, group.end)
            if one.kind != 'call'
            and not self.is_declared_only(one)
            and not self._is_in_other_call(one, number)
        ]
        for match in _IDENTIFIER.finditer(self.outline.code, group.start, group.end):
            lines = self.assignments.get(match.group(), ())
            if len(lines) == 1 and not group.start <= lines[0][0] < group.end:
                inner += self.select(found, *lines[0])
        return inner

    def _is_in_other_call(self, one: Evidence, number: int) -> bool:
        """Tell whether evidence in a group is the argument of a call in it, such as `getenv`."""
        for inner in self.outline.list_groups(one.start, one.start + 1):
            if inner == number:
                return False
            if self.outline.groups[inner].kind == 'call':
                return self.read_target(inner)[1] != 'dict'
        return False

    def is_declared_only(self, one: Evidence) -> bool:
        """Tell whether a host is only the value of a name such as `TESTNET_URL`."""
        if one.kind != 'host':
            return False
        text = self.outline.text
        start = max(text.rfind(b'\n', 0, one.start) + 1, one.start - _BEFORE_BYTES)
        names = _DECLARED.findall(text, start, one.start)
        return bool(names) and declares_only(names[-1].decode('utf-8', 'replace'))

    def is_mentioned(self, one: Evidence) -> bool:
        """Tell whether a constant is only imported here, a host only one of a list."""
        if one.kind == 'host':
            return bool(self.outline.list_groups(one.start, one.end))
        start = self.outline.code.rfind(b'\n', 0, one.start) + 1
        return one.kind == 'constant' and _IMPORT.match(self.outline.code, start) is not None

    def read_target(self, number: int) -> tuple[str, str]:
        """Return what a group is the value of, and what is called there; empty for neither."""
        found = self._targets.get(number)
        if found is None:
            start = self.outline.groups[number].start
            before = self.outline.text[max(0, start - _BEFORE_BYTES) : start]
            match = _TARGET.match(before[::-1])
            name, callee = (match['name'] or b'', match['callee']) if match else (b'', b'')
            found = self._targets[number] = (
                name[::-1].decode('utf-8', 'replace'),
                callee[::-1].decode('utf-8', 'replace'),
            )
        return found

    def count_in_block(self, block: int, starts: list[int]) -> int:
        """Count the credentials, which begin at `starts` of the whole text, in a block."""
        if self._counts is None:
            self._counts = Counter()
            first = bisect_left(starts, self.base)
            last = bisect_left(starts, self.base + len(self.outline.code))
            for start in starts[first:last]:
                self._counts.update(self.outline.list_blocks(start - self.base))
        return self._counts[block]

    def read_class(self, block: int) -> str:
        """Return the name of the class whose body a block is; empty for other blocks."""
        if block < 0:
            return ''
        text = self.outline.code
        if self.outline.language == 'python':
            end = text.find(b'\n', block)
            head = text[block : end if end >= 0 else len(text)]
        else:
            head = text[max(text.rfind(b'\n', 0, block), block - _BEFORE_BYTES, 0) : block]
        match = _CLASS.search(head)
        return match['name'].decode() if match else ''


class KeyUses:
    """Where the variables of one key are used, and what the calls there tell of its environment."""

    def __init__(
        self, view: TextView, found: list[Evidence], holds_others: Callable[[int, int], bool]
    ) -> None:
        self.view = view
        self.found = found
        self.holds_others = holds_others
        self.uses: list[Use] = []

    def follow(self, name: str, after: int, block: int, hops: int = _MAX_HOPS) -> None:
        """Collect the uses of a variable behind the statement that assigns it in its block."""
        key = name.rsplit('.', 1)[-1].encode()
        lines = self.view.assignments.get(key, [])
        index = bisect_right(lines, (after, len(self.view.outline.code)))
        until = lines[index][0] if index < len(lines) else len(self.view.outline.code)
        is_ambiguous = len(lines) > 1
        places = self.view.identifiers.get(key, [])
        first = bisect_left(places, after)
        for place in places[first : first + _MAX_USES]:
            if place >= until:
                break
            if is_ambiguous and self.view.outline.find_block(place) != block:
                continue  # another branch may have assigned it
            self._read_use(place, place + len(key), name, block, hops)

    def _read_use(self, start: int, end: int, name: str, block: int, hops: int) -> None:
        outline = self.view.outline
        if re.match(rb'["\']?\s*[=:](?!=)', outline.code[end : end + 8]):
            return  # the name of an argument
        groups = outline.list_groups(start, end)
        if not groups:
            self._read_statement(start, name, block)
            return
        callee = ''
        for number in groups:
            group = outline.groups[number]
            if group.kind == 'parameters' or self.holds_others(group.start, group.end):
                return
            target, called = self.view.read_target(number)
            callee = callee or (called if group.kind == 'call' else '')
            told = self.view.read_group(number, self.found)
            if told:
                self.uses.append(Use(callee, tuple(told)))
                return
        before = len(self.uses)
        if target and hops:
            self.follow(target, group.end, outline.find_block(group.start), hops - 1)
        if not any(use.evidence for use in self.uses[before:]):
            self.uses.append(Use(callee, ()))

    def _read_statement(self, start: int, name: str, block: int) -> None:
        """Read a method of the client or an attribute that is set, in the block of the client."""
        outline = self.view.outline
        line = outline.code.rfind(b'\n', 0, start) + 1
        stop = outline.code.find(b'\n', start)
        stop = stop if stop >= 0 else len(outline.code)
        before = outline.code[line:start].strip(b' \t')
        if before not in _OWNERS or outline.find_block(start) != block:
            return
        told = [
            one
            for one in self.view.select(self.found, line, stop)
            if not one.receiver or one.receiver == name
        ]
        if told:
            self.uses.append(Use('', tuple(told)))

    def list_told(self) -> tuple[list[Evidence], bool]:
        """Return what the uses tell, and whether some call is made with and without it."""
        told = [one for use in self.uses for one in use.evidence]
        with_it = {use.callee for use in self.uses if use.evidence}
        without = {use.callee for use in self.uses if not use.evidence}
        return told, bool(with_it & without - {''})
