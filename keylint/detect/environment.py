"""Claim live, testnet or paper of a credential, by evidence of that very credential only.

The nearest evidence counts; evidence against evidence means unknown. A comment, the default of a
parameter or a switch of the bot (`dry_run`) proves nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from keylint.core.claims import UNKNOWN_ENVIRONMENT, Claim, Proof
from keylint.core.model import Fragment, SecretPart
from keylint.core.names import split_words
from keylint.core.records import NamedTuple
from keylint.core.terms import KIND_WORDS
from keylint.detect.environment_comments import is_switched_by_comment
from keylint.detect.environment_decision import cap_claim, decide
from keylint.detect.environment_marks import (
    GUESSED_WORDS,
    LIVE_WORDS,
    Evidence,
    IssuerMarks,
    load_marks,
    names_test,
)
from keylint.detect.environment_settings import SettingEvidence
from keylint.detect.environment_text import KeyUses, TextView
from keylint.readers.formats import ending_of
from keylint.rules.rule_set import RuleSet

# A longer text is read in stretches of this length with some more on both sides.
_VIEW_BYTES, _MARGIN_BYTES = 1 << 18, 1 << 15
# Formats whose lines outside of sections belong to the whole program, and mappings like them.
_FLAT_ENDINGS = frozenset('env ini cfg conf properties config cnf service toml'.split())
_FLAT_KEYS = frozenset('environment env envs variables data'.split())


class _Neighbours:
    """The credentials of a fragment: which stand alone, which share a place with others."""

    def __init__(self, found: Sequence[Sequence[SecretPart]], pack: RuleSet) -> None:
        self.starts = sorted(min(part.start for part in parts) for parts in found)
        self._issuers = Counter(parts[0].rule for parts in found)
        # Of those that could be in a test environment, or whose issuer nobody knows.
        self._switched = sum(
            parts[0].rule not in pack.rules or load_marks(parts[0].rule, pack) is not None
            for parts in found
        )
        self._mappings: Counter[tuple[str, ...]] = Counter()
        for parts in found:
            parent = find_parent(parts)
            self._mappings.update(parent[:depth] for depth in range(len(parent) + 1))

    def is_only_of(self, issuer: str) -> bool:
        """Tell whether an issuer has no second credential here."""
        return self._issuers[issuer] <= 1

    @property
    def is_only_one(self) -> bool:
        """Tell whether a switch can be meant for one credential only."""
        return self._switched <= 1

    def count_in(self, start: int, end: int) -> int:
        """Count the credentials that begin within `start:end`."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def count_under(self, mapping: tuple[str, ...]) -> int:
        """Count the credentials in a mapping and in those inside of it."""
        return self._mappings[mapping]


class _JudgedCredential(NamedTuple):
    """The credential that is asked about: its bytes, the mapping that holds it, its marks."""

    parts: Sequence[SecretPart]
    start: int
    end: int
    parent: tuple[str, ...]
    marks: IssuerMarks
    neighbours: _Neighbours


class EnvironmentJudge:
    """Judges the credentials of one fragment; `found` are the parts of each."""

    def __init__(
        self, fragment: Fragment, path: str, pack: RuleSet, found: Sequence[Sequence[SecretPart]]
    ) -> None:
        self._fragment = fragment
        self._path = path
        self._pack = pack
        self._ending = ending_of(path)
        self._neighbours = _Neighbours(found, pack)
        self._views: dict[int, TextView] = {}
        self._settings: dict[str, SettingEvidence] = {}

    def claim_environment(self, parts: Sequence[SecretPart]) -> Claim:
        """Return what is known of a credential's environment."""
        shape = next((part for part in parts if part.environment), None)
        if shape is not None and shape.environment:
            proof = Proof('shape', f'the form of the {KIND_WORDS[shape.role]}', shape.start)
            return Claim('environment', shape.environment, 'proven', proof)
        marks = load_marks(parts[0].rule, self._pack)
        if marks is None:
            return _claim_live_by_name(parts)
        start, end = min(part.start for part in parts), max(part.end for part in parts)
        key = _JudgedCredential(parts, start, end, find_parent(parts), marks, self._neighbours)
        claim = self._judge_names(key)
        if claim is None:
            has_paths = any(part.group for part in parts)
            claim = self._judge_settings(key) if has_paths else self._judge_text(key)
        if claim is None:
            claim = self._judge_file(key)
        return self._doubt_switched(cap_claim(claim or UNKNOWN_ENVIRONMENT, marks), marks)

    def _doubt_switched(self, claim: Claim, marks: IssuerMarks) -> Claim:
        """Make a guess of a test environment that a comment beside its proof switches to live."""
        if claim.value == 'live' or not claim.is_proven or claim.proof is None:
            return claim
        if claim.proof.kind not in ('host', 'setting', 'call', 'constant'):
            return claim
        if is_switched_by_comment(self._fragment.data, claim.proof.start, marks, self._pack):
            return claim._replace(certainty='likely')
        return claim

    def _judge_names(self, key: _JudgedCredential) -> Claim | None:
        """Judge by the names of the parts themselves."""
        names = [(part.name, part.start) for part in key.parts]
        return decide([one for name in names if (one := _read_name(*name, key.marks))])

    def _judge_settings(self, key: _JudgedCredential) -> Claim | None:
        """Judge by the mapping of a structured document, then by those around it."""
        found = self._list_settings(key.marks)
        for depth in range(len(key.parent), -1, -1):
            mapping = key.parent[:depth]
            is_own = (
                key.neighbours.count_under(mapping) <= 1
                and not self._is_flat(mapping)
                and depth >= len(key.parent) - 1
                and bool(depth or not key.parent)
            )
            told = [one for parent, one in found.under(mapping) if _belongs(parent, mapping, key)]
            told = _weigh(told, key, is_own, is_near=mapping == key.parent)
            if mapping and not mapping[-1].isdigit():
                named = _read_name(mapping[-1], key.start, key.marks, 'its section')
                if named is not None:
                    told.append(named)
            claim = decide(told)
            if claim is not None:
                return claim
        return None

    def _is_flat(self, mapping: tuple[str, ...]) -> bool:
        if not mapping:
            return self._ending in _FLAT_ENDINGS
        return mapping[-1].lower() in _FLAT_KEYS

    def _list_settings(self, marks: IssuerMarks) -> SettingEvidence:
        """List what the settings of the fragment tell of an issuer's keys."""
        found = self._settings.get(marks.issuer)
        if found is None:
            found = SettingEvidence(self._fragment.settings, marks, self._pack)
            self._settings[marks.issuer] = found
        return found

    def _judge_text(self, key: _JudgedCredential) -> Claim | None:
        """Judge by the call or object that holds the key, its variable, and its block."""
        view = self._open_view(key.start)
        base = view.base
        key = key._replace(start=key.start - base, end=key.end - base)
        found = view.list_evidence(key.marks, self._pack)
        claim = (
            _judge_groups(view, key, found)
            or _judge_uses(view, key, found)
            or _judge_blocks(view, key, found)
        )
        if claim is None:
            return None
        if view.outline.language == 'prose' and claim.is_proven:
            claim = claim._replace(certainty='likely')
        if claim.proof is not None and base:
            proof = claim.proof._replace(start=claim.proof.start + base)
            claim = claim._replace(proof=proof)
        return claim

    def _open_view(self, start: int) -> TextView:
        data = self._fragment.data
        number = start // _VIEW_BYTES if len(data) > 2 * _VIEW_BYTES else 0
        view = self._views.get(number)
        if view is None:
            first, last = 0, len(data)
            if len(data) > 2 * _VIEW_BYTES:
                first = max(0, number * _VIEW_BYTES - _MARGIN_BYTES)
                first = data.rfind(b'\n', 0, first) + 1 or first
                last = (number + 1) * _VIEW_BYTES + _MARGIN_BYTES
            view = self._views[number] = TextView(data[first:last], first, self._ending)
        return view

    def _judge_file(self, key: _JudgedCredential) -> Claim | None:
        """Guess by the file's own name."""
        name = self._path.replace('\\', '/').rsplit('/', 1)[-1]
        words = split_words(name)
        word = next((word for word in words if word in GUESSED_WORDS), '')
        if not word or not LIVE_WORDS.isdisjoint(words):
            return None
        proof = Proof('file', f'the word {word} in the name of the file')
        return Claim('environment', key.marks.main, 'likely', proof)


def find_parent(parts: Sequence[SecretPart]) -> tuple[str, ...]:
    """Return the path of the innermost mapping that holds all parts of a credential."""
    parents = [part.group[:-1] for part in parts]
    parent = parents[0]
    while any(other[: len(parent)] != parent for other in parents):
        parent = parent[:-1]
    return parent


def _claim_live_by_name(parts: Sequence[SecretPart]) -> Claim:
    """Claim live where the key's own name says so, and nothing else of an issuer without tests."""
    for part in parts:
        words = split_words(part.name)
        word = next((word for word in words if word in LIVE_WORDS), '')
        if word and not names_test(part.name):
            return Claim('environment', 'live', 'proven', _word_proof(word, part.start))
    return UNKNOWN_ENVIRONMENT


def _word_proof(word: str, start: int) -> Proof:
    return Proof('name', f'the word {word} in its name', start)


def _read_name(name: str, start: int, marks: IssuerMarks, holder: str = '') -> Evidence | None:
    """Read the words of a name that is the key's own or that of its `holder`."""
    told = marks.read_words(name)
    if told is None:
        return None
    environment, word, is_guess = told
    text = f'the word {word} in the name of {holder}' if holder else f'the word {word} in its name'
    return Evidence(environment, 'name', text, start, start, True, is_guess)


def _belongs(parent: tuple[str, ...], mapping: tuple[str, ...], key: _JudgedCredential) -> bool:
    """Tell whether a setting of the mapping `parent` is told of at the level of `mapping`.

    It stands there, or deeper where no other credential is.
    """
    depth = len(mapping)
    if parent[:depth] != mapping:
        return False
    if len(parent) == depth:
        return True
    branch = parent[: depth + 1]
    is_far = depth < len(key.parent) - 1 or (not depth and bool(key.parent))
    if is_far or branch == key.parent[: depth + 1]:
        return False
    return not key.neighbours.count_under(branch)


def _weigh(
    told: list[Evidence], key: _JudgedCredential, is_own: bool, is_near: bool
) -> list[Evidence]:
    """Keep what can be meant for the key; what stands beside keys of others as well is a guess.

    `is_own` says that nothing but the key is in that place, `is_near` that the key itself is.
    """
    if is_own:
        return [one._replace(is_guess=True) if one.is_bots else one for one in told]
    kept = []
    for one in told:
        if one.is_vendors and key.neighbours.is_only_of(key.marks.issuer):
            kept.append(one if is_near else one._replace(is_guess=True))
        elif not (one.is_vendors or one.is_bots) and key.neighbours.is_only_one:
            kept.append(one._replace(is_guess=True))
    return kept


def _judge_groups(view: TextView, key: _JudgedCredential, found: list[Evidence]) -> Claim | None:
    """Judge by the calls and objects around the key, the innermost first."""
    for number in view.outline.list_groups(key.start, key.end):
        group = view.outline.groups[number]
        base = view.base
        if key.neighbours.count_in(group.start + base, group.end + base) > 1:
            return None
        told = view.read_group(number, found)
        target, callee = view.read_target(number)
        named = _read_name(target, key.start, key.marks, 'its variable')
        if named is not None:
            told.append(named._replace(is_guess=named.is_guess or bool(callee)))
        claim = decide(told)
        if claim is not None:
            return claim
    return None


def _judge_uses(view: TextView, key: _JudgedCredential, found: list[Evidence]) -> Claim | None:
    """Judge by the client that the key is given to: its arguments, and what is called on it."""
    base = view.base
    uses = KeyUses(view, found, lambda s, e: key.neighbours.count_in(s + base, e + base) > 0)
    groups = view.outline.list_groups(key.start, key.end)
    if groups:
        outer = view.outline.groups[groups[-1]]
        target, _ = view.read_target(groups[-1])
        if target:
            uses.follow(target, outer.end, view.outline.find_block(outer.start))
    else:
        block = view.outline.find_block(key.start)
        for part in key.parts:
            if part.name and not part.group:
                uses.follow(part.name, key.end, block)
    told, is_contradicted = uses.list_told()
    return UNKNOWN_ENVIRONMENT if is_contradicted else decide(told)


def _judge_blocks(view: TextView, key: _JudgedCredential, found: list[Evidence]) -> Claim | None:
    """Judge by the block of statements that holds the key, then by those around it."""
    for depth, block in enumerate(view.outline.list_blocks(key.start)):
        name = view.read_class(block)
        told = [one for one in found if _stands_in_block(view, one, block)]
        is_own = bool(name) and view.count_in_block(block, key.neighbours.starts) <= 1
        told = _weigh(told, key, is_own, is_near=not depth)
        told = [
            one._replace(is_guess=True) if depth or view.is_mentioned(one) else one for one in told
        ]
        if name and (named := _read_name(name, key.start, key.marks, 'its class')) is not None:
            told.append(named)
        claim = decide(told)
        if claim is not None:
            return claim
    return None


def _stands_in_block(view: TextView, one: Evidence, block: int) -> bool:
    """Tell whether evidence is a statement of a block, or a host or constant in one of them."""
    outline = view.outline
    if one.kind == 'call' or one.receiver or outline.find_block(one.start) != block:
        return False
    if view.is_declared_only(one):
        return False
    groups = outline.list_groups(one.start, one.end)
    if one.kind == 'host':
        return not any(outline.groups[number].kind == 'call' for number in groups)
    return one.kind == 'constant' or not groups
