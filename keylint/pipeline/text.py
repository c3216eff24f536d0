"""A blob in which the gate saw something: fragments, candidates, credentials, findings."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.config import Config
from keylint.core.deadline import Clocks, clocks
from keylint.core.key_model import DeclarationResult
from keylint.core.limits import chosen
from keylint.core.model import BlobResult, Credential, Failure, Fragment
from keylint.core.spans import to_blob
from keylint.detect.candidates import candidates
from keylint.detect.credentials import detect
from keylint.detect.encoding_hints import has_layers
from keylint.findings.build import Detected, build_findings
from keylint.matcher.patterns import ENCODED, FOLDED, NAMING, SPLIT
from keylint.matcher.prefilter import narrowed, touches, windows
from keylint.readers import ending, settings_of
from keylint.readers.decode import is_table
from keylint.readers.tables import settings as rows
from keylint.rules.rule_set import Pack

# Credentials of one blob: each takes some kilobytes, in memory and in a report.
_MOST = 10_000
TYPE_CHECKING = False
if TYPE_CHECKING:
    from keylint.detect.decoded import Layered

_ADJACENT = ('py', 'pyi', 'ipynb', 'c', 'cc', 'cpp', 'h', 'hpp', 'cs', 'd')


def examine(
    path: str,
    data: bytes,
    is_text: bool,
    wakes: list[tuple[int, int]],
    pack: Pack,
    config: Config,
    within: tuple[str, str] | None = None,
) -> BlobResult:
    """The findings of a blob. `wakes` is what the gate saw in all of it. `within` is the file of a carrier and the member that this is."""
    leaks = [wake for wake in wakes if wake[0] < pack.first_declaration]
    fragments: list[Fragment] = []
    credentials: list[Credential] = []
    inner: list[tuple[int, Layered]] = []
    limits = clocks(chosen(config.costs).seconds)
    for number, (fragment, own) in enumerate(_opened(path, data, is_text, leaks, pack)):
        fragments.append(fragment if within is None else fragment._replace(container=within[1]))
        if own or fragment.settings:
            credentials += detect(fragments[number], path, pack, own, number, limits)
            if is_text and has_layers(fragments[number].data, own):
                from keylint.detect.decoded import layered  # noqa: PLC0415 - only where something may be encoded

                layers = layered(fragments[number], own, pack)
                inner += [(number, layers)] if layers else []
    own_keys = DeclarationResult()
    if is_text and len(leaks) < len(wakes):
        from keylint.policies.check_declarations import check_declarations  # noqa: PLC0415 - only where a file speaks of rights or addresses

        own_keys = check_declarations(path, data, fragments, wakes, pack, config)
    found, unread = (
        _inside(path, inner, fragments, credentials, pack, limits)
        if inner
        else (_once(fragments, credentials), [])
    )
    own_path = within[0] if within else path
    result = build_findings(
        Detected(own_path, data, fragments, found[:_MOST], own_keys), pack, config
    )
    unread += (
        [Failure(path, 'scan', f'more than {_MOST} credentials: the others are not reported')]
        if len(found) > _MOST
        else []
    )
    unread += [Failure(path, 'scan', limits.why)] if limits.why else []
    unread += [Failure(path, 'scan', own_keys.unread)] if own_keys.unread else []
    return result._replace(failures=(*result.failures, *unread)) if unread else result


def _inside(
    path: str,
    inner: list[tuple[int, Layered]],
    fragments: list[Fragment],
    plain: list[Credential],
    pack: Pack,
    limits: Clocks,
) -> tuple[list[Credential], list[Failure]]:
    """All credentials: those that only decoded texts show, and of those in clear what is no part of them.

    A decoded text joins the fragments, once for each kind of layer: all that it holds may point at the same bytes of the blob.
    """
    known = {
        (to_blob(fragments[c.fragment], hit.start, hit.end), hit.value)
        for c in plain
        for hit in c.hits
    }
    shown: list[Credential] = []
    covered: list[tuple[int, int]] = []
    for number, layers in inner:
        places: dict[str, int] = {}
        own: list[tuple[Credential, str]] = []
        for credential in detect(layers.fragment, path, pack, layers.wakes, number, limits):
            label = layers.label((hit.start, hit.end) for hit in credential.hits)
            spans = {
                (to_blob(layers.fragment, hit.start, hit.end), hit.value) for hit in credential.hits
            }
            if label and not spans <= known:
                own.append((credential._replace(fragment=0), label))
                covered += [span for span, _ in spans]
        kept = set(_once([Fragment(b'')], [credential for credential, _ in own]))
        for credential, label in own:
            if credential not in kept:
                continue
            if label not in places:
                places[label] = len(fragments)
                above = layers.fragment.container
                fragments.append(
                    layers.fragment._replace(container=f'{above}!/{label}' if above else label)
                )
            shown.append(credential._replace(fragment=places[label]))
    covered.sort()
    left = (
        [
            c
            for c in plain
            if not all(
                touches(to_blob(fragments[c.fragment], hit.start, hit.end), covered)
                for hit in c.hits
            )
        ]
        if shown
        else plain
    )
    failures = [
        Failure(path, 'decode', f'{why}: not decoded')
        for _, layers in inner
        for why in layers.unread
    ]
    return shown + _once(fragments, left), failures


def is_void(
    path: str, data: bytes, is_text: bool, leaks: list[tuple[int, int]], pack: Pack
) -> bool:
    """Whether nothing in a blob could be a secret, whatever its surroundings say of issuers. `leaks` is what the gate saw of leaks in it."""
    first_plugin = NAMING + len(pack.tables['tokens'])
    if any(number >= first_plugin or number in ENCODED or number == FOLDED for number, _ in leaks):
        return False
    return not any(
        candidates(fragment, path, pack, own)
        for fragment, own in _opened(path, data, is_text, leaks, pack)
        if own or fragment.settings
    )


def _opened(
    path: str, data: bytes, is_text: bool, leaks: list[tuple[int, int]], pack: Pack
) -> Iterator[tuple[Fragment, list[tuple[int, int]]]]:
    """The fragments of a blob, broken literals joined, each with what the gate sees in it."""
    has_names = is_text and (is_table(path, data) or any(wake[0] < NAMING for wake in leaks))
    for fragment in _fragments(path, data, has_names, leaks):
        own = (
            leaks
            if fragment.data is data
            else narrowed(fragment.data, pack.leaks_in(fragment.data))
        )
        if any(wake[0] == SPLIT for wake in own):
            from keylint.readers.string_joins import join  # noqa: PLC0415 - only where a literal is broken in two

            joined = join(fragment, ending(path) in _ADJACENT)
            if joined is not fragment:
                yield joined, narrowed(joined.data, pack.leaks_in(joined.data))
                continue
        yield fragment, own


def _fragments(
    path: str, data: bytes, has_names: bool, wakes: list[tuple[int, int]]
) -> list[Fragment]:
    """The fragments of a blob; a document is read as settings only where a telling name was seen."""
    if ending(path) == 'ipynb':
        from keylint.readers.notebook import fragments  # noqa: PLC0415

        found = fragments(data)
        if found is not None:
            return list(found)
    if not has_names:
        return [Fragment(data)]
    return [
        Fragment(data, settings=settings_of(path, data) or tuple(rows(data, windows(data, wakes))))
    ]


def _once(fragments: list[Fragment], credentials: list[Credential]) -> list[Credential]:
    """The credentials without those that only repeat parts of another: a value is reported once in a blob."""
    seen: set[tuple[str, frozenset[bytes]]] = set()
    spans: set[tuple[int, int]] = set()
    kept = []
    for credential in sorted(credentials, key=lambda c: -len(c.hits)):
        key = (credential.rule, frozenset(hit.value for hit in credential.hits))
        places = {
            to_blob(fragments[credential.fragment], hit.start, hit.end) for hit in credential.hits
        }
        if places <= spans or (key in seen and fragments[credential.fragment].cell is None):
            continue
        seen.add(key)
        spans |= places
        kept.append(credential)
    return kept
