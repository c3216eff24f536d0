"""Records of the requests with which an owner asks an exchange what a key may do."""

from __future__ import annotations

from keylint.core.records import NamedTuple


class KeyQuestion(NamedTuple):
    """A request that changes nothing, and how ccxt sends it.

    `document` names the shape of its answer, `source` the place that describes the request;
    `arguments` are the names of parameters that only the owner knows.
    """

    request: str
    document: str
    method: str
    credentials: tuple[str, ...]
    arguments: tuple[str, ...]
    note: str
    source: str
