"""Records of the compiled file of policies."""

from keylint.core.records import NamedTuple
from keylint.core.terms import Severity
from keylint.rules.types import Row


class PolicyText(NamedTuple):
    """The texts of a policy with their placeholders, and its severities by case (and `else`)."""

    title: str
    severity: dict[str, Severity]
    why: str
    do: tuple[str, ...]


class PolicySettings(NamedTuple):
    """The file of policies.

    Its fields are the defaults of `[policies]` by name; the addresses from which a service sends
    for all its users, by service; and the texts by policy.
    """

    thresholds: dict[str, int]
    third_party_addresses: dict[str, tuple[str, ...]]
    texts: dict[str, PolicyText]

    @classmethod
    def from_row(cls, row: Row) -> 'PolicySettings':
        """Make the record from a cached row."""
        thresholds, addresses, texts = row
        made = {name: PolicyText._make(text) for name, text in texts.items()}
        return cls(thresholds, addresses, made)
