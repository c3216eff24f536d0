"""Find the files of languages that keylint does not read, where they use an exchange."""

from __future__ import annotations

from collections.abc import Container, Sequence

from keylint.api_usage.other_languages import OTHER_ENDINGS, OtherLanguages, UnreadUse
from keylint.core.key_model import Doubt
from keylint.core.model import SourceRange
from keylint.policies.code_permissions import ReadFile, read_text
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.rule_set import RuleSet
from keylint.workers.pool import map_unordered

NOT_READ = 'a file that uses it was not read'
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
    others = OtherLanguages(pack.libraries, _list_hosts(pack))

    def find_use(path: str) -> UnreadUse | None:
        data = read_text(path, read)
        return (
            None
            if data is None
            else others.find_use(path, data, libraries if path in sources else None)
        )

    found = [use for use in map_unordered(find_use, wanted) if use is not None]
    return tuple(sorted(found))


def doubt_unread(
    needs: dict[str | None, RequiredPermissions], unread: Sequence[UnreadUse], pack: RuleSet
) -> dict[str | None, RequiredPermissions]:
    """Return the needs, none of them exact for whose exchange there is a file that was not read."""
    owners = {module: one.exchange for one in pack.libraries for module in one.modules}
    found = dict(needs)
    for use in unread:
        issuer = owners.get(use.uses)
        need = found.get(issuer) if issuer is not None else None
        if need is not None:
            doubt = Doubt(issuer, use.uses, NOT_READ, use.path, 0, SourceRange(1, 1, 1, 2))
            found[issuer] = need._replace(is_exact=False, doubts=(*need.doubts, doubt))
    return found


def _list_hosts(pack: RuleSet) -> list[tuple[str, str]]:
    """List the hosts of exchanges."""
    return [
        (text, issuer)
        for text, is_word, issuer in pack.issuer_words
        if not is_word and '.' in text and pack.rules[issuer].kind in _EXCHANGES
    ]
