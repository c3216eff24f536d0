"""Read a key and its secret that are written as user and password.

`.netrc` and the credentials that Jenkins stores have this form; a user that looks like a key is
one. Source: the GNU inetutils manual, "The .netrc file"; the credentials plugin of Jenkins,
UsernamePasswordCredentialsImpl.
"""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex
from keylint.core.model import Setting

_LOGIN = defer_regex(
    rb'(?:\blogin\s+(?P<user>[A-Za-z0-9+/=_\-]{16,200})\s+password\s+(?P<secret>\S{6,240})'
    rb'|<username>(?P<name>[A-Za-z0-9+/=_\-]{16,200})</username>\s*'
    rb'<password>(?P<word>[^<>\s]{6,240})</password>)'
)
_KEY = defer_regex(rb'(?=.*[0-9])(?=.*[A-Za-z])')


def settings(data: bytes) -> tuple[Setting, ...]:
    """List user and password of every account whose user looks like a key, named as its parts."""
    return tuple(_settings(data))


def _settings(data: bytes) -> Iterator[Setting]:
    for number, login in enumerate(_LOGIN.finditer(data)):
        user, secret = ('user', 'secret') if login['user'] is not None else ('name', 'word')
        if _KEY.match(login[user]):
            for part, name in ((user, 'api_key'), (secret, 'secret')):
                yield Setting((f'login{number}', name), login[part], *login.span(part))
