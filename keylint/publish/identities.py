"""Find the names and addresses of the people who made the commits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from keylint.history.repository import Repository
from keylint.publish.exposures import LOOK, Exposure
from keylint.sources.objects import ObjectReader

_PERSON = re.compile(rb'(?m)^(?:author|committer) ([^\n<]*)<([^>\n]*)>')


def find_identities(repository: Repository, reader: ObjectReader) -> Iterator[Exposure]:
    """Find authors and committers with the number of their commits.

    Addresses that GitHub gives out to hide one are left out.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for _, data in reader.read([commit.id for commit in repository.history.commits]):
        header = (data or b'').partition(b'\n\n')[0]
        counts.update(
            {
                (name.decode('utf-8', 'replace').strip(), mail.decode('utf-8', 'replace'))
                for name, mail in _PERSON.findall(header)
            }
        )
    for (name, mail), count in counts.items():
        if not mail.endswith('users.noreply.github.com') and mail != 'noreply@github.com':
            what = f'the author of {count} commit{"s" * (count != 1)}'
            yield Exposure('identity', LOOK, f'{name} <{mail}>', what, 'history')
