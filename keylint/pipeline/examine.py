"""Examine a document in which something matched: fragments, credentials, declarations, findings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from keylint.core.blob import TreePlace
from keylint.core.config import Config
from keylint.core.deadline import Deadlines, make_deadlines
from keylint.core.key_model import DeclarationResult
from keylint.core.limits import build_limits
from keylint.core.model import Credential, Fragment
from keylint.core.records import NamedTuple
from keylint.core.report import BlobResult, Failure
from keylint.core.spans import map_to_blob
from keylint.detect.candidates import find_candidates
from keylint.detect.context import list_nearby_issuers
from keylint.detect.credentials import find_credentials
from keylint.detect.encoding_hints import may_be_encoded
from keylint.detect.tree_issuer import name_by_tree
from keylint.findings.build import Detected, build_findings
from keylint.matcher.incremental import Version, match_rewritten
from keylint.matcher.match import LEAK_KINDS, Match, select_matches
from keylint.matcher.prefilter import filter_matches, overlaps_any
from keylint.matcher.repeats import drop_repeats
from keylint.readers.document import Document
from keylint.readers.document_parts import list_cells
from keylint.readers.string_joins import join_literals
from keylint.rules.rule_set import RuleSet

TYPE_CHECKING = False  # decoding is imported only where something may be encoded
if TYPE_CHECKING:
    from keylint.detect.decoded import DecodedText

# Credentials of one blob: each takes some kilobytes, in memory and in a report.
MAX_CREDENTIALS = 10_000


class Opened(NamedTuple):
    """A fragment of a document, and what matched in it."""

    fragment: Fragment
    matches: list[Match]


def examine(document: Document, pack: RuleSet, config: Config) -> BlobResult:
    """Find the leaks in a document, and what is wrong with the keys that it declares."""
    path, place = document.name, TreePlace(document.name, document.place.root)
    limits = make_deadlines(build_limits(config.costs).seconds)
    fragments: list[Fragment] = []
    credentials: list[Credential] = []
    decoded: list[tuple[int, DecodedText]] = []
    for number, (fragment, matches) in enumerate(open_fragments(document, pack)):
        fragments.append(fragment)
        if matches or fragment.settings:
            found = find_credentials(fragment, matches, path, pack, number, limits)
            credentials += name_by_tree(found, fragment, place, pack)
            if document.is_text and may_be_encoded(fragment.data, matches):
                decoded += _decode(fragment, matches, number, pack)
    keys = _check_declarations(document, fragments, pack, config)
    if decoded:
        found, lost = _merge_decoded(place, decoded, fragments, credentials, pack, limits)
        unread = [Failure(document.path, 'decode', f'{why}: not decoded') for why in lost]
    else:
        found, unread = drop_repeated(fragments, credentials), []
    kept = found[:MAX_CREDENTIALS]
    detected = Detected(document.path, document.data, fragments, kept, keys, document.place)
    result = build_findings(detected, pack, config)
    if len(found) > MAX_CREDENTIALS:
        why = f'more than {MAX_CREDENTIALS} credentials: the others are not reported'
        unread.append(Failure(document.path, 'scan', why))
    unread += [Failure(document.path, 'scan', why) for why in (limits.why, keys.unread) if why]
    return result._replace(failures=(*result.failures, *unread)) if unread else result


def _decode(
    fragment: Fragment, matches: list[Match], number: int, pack: RuleSet
) -> list[tuple[int, DecodedText]]:
    from keylint.detect.decoded import decode_layers  # noqa: PLC0415 - 12 ms, few texts

    text = decode_layers(fragment, matches, pack)
    return [(number, text)] if text else []


def _check_declarations(
    document: Document, fragments: list[Fragment], pack: RuleSet, config: Config
) -> DeclarationResult:
    if not document.is_text or all(m.pattern.kind in LEAK_KINDS for m in document.matches):
        return DeclarationResult()
    # Only where a file speaks of permissions or addresses.
    from keylint.policies.check_declarations import check_declarations  # noqa: PLC0415

    return check_declarations(document, fragments, pack, config)


def _merge_decoded(
    place: TreePlace,
    decoded: list[tuple[int, DecodedText]],
    fragments: list[Fragment],
    plain: list[Credential],
    pack: RuleSet,
    limits: Deadlines,
) -> tuple[list[Credential], list[str]]:
    """List the credentials that only decoded texts show, and those in clear text beside them.

    Also list why parts were not decoded.

    A decoded text joins the fragments, once for each kind of encoding: all that it holds may point
    at the same bytes of the blob.
    """
    known = {
        (map_to_blob(fragments[c.fragment], hit.start, hit.end), hit.value)
        for c in plain
        for hit in c.parts
    }
    shown: list[Credential] = []
    covered: list[tuple[int, int]] = []
    for number, text in decoded:
        own: list[tuple[Credential, str]] = []
        inner = find_credentials(text.fragment, text.matches, place.path, pack, number, limits)
        for credential in name_by_tree(inner, text.fragment, place, pack):
            label = text.label((hit.start, hit.end) for hit in credential.parts)
            spans = {
                (map_to_blob(text.fragment, hit.start, hit.end), hit.value)
                for hit in credential.parts
            }
            if label and not spans <= known:
                own.append((credential._replace(fragment=0), label))
                covered += [span for span, _ in spans]
        shown += _place_decoded(text.fragment, own, fragments)
    covered.sort()
    if shown:
        plain = [c for c in plain if not _is_covered(c, fragments, covered)]
    lost = [why for _, text in decoded for why in text.unread]
    return shown + drop_repeated(fragments, plain), lost


def _place_decoded(
    fragment: Fragment, own: list[tuple[Credential, str]], fragments: list[Fragment]
) -> list[Credential]:
    """Append the decoded text to `fragments`, once for each label.

    Returns the credentials with the numbers of these fragments.
    """
    kept = set(drop_repeated([Fragment(b'')], [credential for credential, _ in own]))
    places: dict[str, int] = {}
    shown = []
    for credential, label in own:
        if credential not in kept:
            continue
        if label not in places:
            places[label] = len(fragments)
            above = fragment.container
            fragments.append(fragment._replace(container=f'{above}!/{label}' if above else label))
        shown.append(credential._replace(fragment=places[label]))
    return shown


def _is_covered(
    credential: Credential, fragments: list[Fragment], covered: list[tuple[int, int]]
) -> bool:
    fragment = fragments[credential.fragment]
    return all(
        overlaps_any(map_to_blob(fragment, hit.start, hit.end), covered) for hit in credential.parts
    )


def _is_test(credential: Credential) -> bool:
    return credential.environment.value in ('testnet', 'paper')


def may_hold_secret(document: Document, pack: RuleSet) -> bool:
    """Tell whether anything in a document could be a secret, whatever else names an issuer."""
    leaks = select_matches(document.matches, LEAK_KINDS)
    if any(m.pattern.kind in ('plugin', 'encoded', 'expression') for m in leaks):
        return True
    return any(
        find_candidates(fragment, matches, document.name, pack)
        for fragment, matches in open_fragments(document, pack)
        if matches or fragment.settings
    )


def open_fragments(document: Document, pack: RuleSet) -> Iterator[Opened]:
    """Give the fragments of a document, broken literals joined, each with what matches in it."""
    leaks = select_matches(document.matches, LEAK_KINDS)
    named: list[tuple[int, frozenset[str]]] | None = None
    for number, fragment in enumerate(document.fragments):
        if fragment.data is document.data:
            matches = drop_repeats(document.data, leaks)
        else:
            matches = _match(fragment.data, pack)
            fragment = _add_cells(fragment, matches)
        if any(m.pattern.kind == 'split-literal' for m in matches):
            joined = join_literals(fragment, document.format.joins_literals)
            if joined is not None:
                before, data = Version(fragment.data, matches), joined.fragment.data
                found = match_rewritten(before, data, joined.ranges, pack.matcher)
                matches = drop_repeats(data, found)
                fragment = _add_cells(joined.fragment, matches)
        if matches and fragment.cell is not None:
            if named is None:
                named = list(list_nearby_issuers(document.fragments, pack))
            fragment = fragment._replace(nearby=_find_nearest(named, number))
        yield Opened(fragment, matches)


def _find_nearest(named: list[tuple[int, frozenset[str]]], number: int) -> frozenset[str]:
    """Return the issuers of the nearest other cell, one before it rather than one behind."""
    index = bisect_left(named, number, key=lambda cell: cell[0])
    behind = index + (index < len(named) and named[index][0] == number)
    nearest = [(number - place, issuers) for place, issuers in named[max(0, index - 1) : index]]
    nearest += [(place - number, issuers) for place, issuers in named[behind : behind + 1]]
    return min(nearest, default=(0, frozenset()), key=lambda cell: cell[0])[1]


def _add_cells(fragment: Fragment, matches: list[Match]) -> Fragment:
    """Add the cells of the tables in a fragment that is not the document itself."""
    cells = tuple(list_cells(fragment.data, matches))
    return fragment._replace(settings=fragment.settings + cells) if cells else fragment


def _match(data: bytes, pack: RuleSet) -> list[Match]:
    return drop_repeats(data, filter_matches(data, pack.matcher.find_leak_matches(data)))


def drop_repeated(fragments: list[Fragment], credentials: list[Credential]) -> list[Credential]:
    """Drop credentials that only repeat parts of another: a value is reported once in a blob.

    Where one place says that it is a test key and another does not, the other is kept.
    """
    seen: set[tuple[str, frozenset[bytes]]] = set()
    spans: set[tuple[int, int]] = set()
    kept = []
    for credential in sorted(credentials, key=lambda c: (-len(c.parts), _is_test(c))):
        key = (credential.rule, frozenset(hit.value for hit in credential.parts))
        fragment = fragments[credential.fragment]
        places = {map_to_blob(fragment, hit.start, hit.end) for hit in credential.parts}
        if places <= spans or (key in seen and fragment.cell is None):
            continue
        seen.add(key)
        spans |= places
        kept.append(credential)
    return kept
