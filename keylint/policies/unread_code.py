"""Find the files of languages that keylint does not read, where they use an exchange."""

from __future__ import annotations

from collections.abc import Container, Sequence

from keylint.api_usage.other_languages import OTHER_ENDINGS, OtherLanguages, UnreadUse
from keylint.core.workers import map_unordered
from keylint.policies.code_permissions import ReadFile, read_text
from keylint.rules.rule_set import RuleSet

_EXCHANGES = ('exchange', 'broker')


def find_other_languages(
    paths: Sequence[str],
    read: ReadFile,
    pack: RuleSet,
    known: Container[str] = (),
    sources: Container[str] = (),
    libraries: Container[str] = (),
) -> tuple[UnreadUse, ...]:
    """Find the files of languages that are not read, where they use an exchange.

    The `known` files are read; so are Python and the `sources`, but for packages and hosts that no
    table has, and for packages that are none of the `libraries` whose clients were found.
    """
    wanted = [path for path in paths if path.lower().endswith(OTHER_ENDINGS) and path not in known]
    if not wanted:
        return ()
    hosts = [
        (text, issuer)
        for text, is_word, issuer in pack.issuer_words
        if not is_word and '.' in text and pack.rules[issuer].kind in _EXCHANGES
    ]
    others = OtherLanguages(pack.libraries, hosts)

    def find_use(path: str) -> UnreadUse | None:
        data = read_text(path, read)
        return (
            None
            if data is None
            else others.find_use(path, data, libraries if path in sources else None)
        )

    found = [use for use in map_unordered(find_use, wanted) if use is not None]
    return tuple(sorted(found))
