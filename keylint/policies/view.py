"""What a policy of single keys looks at."""

from __future__ import annotations

from keylint.core.key_model import Violation
from keylint.core.model import KeyDeclaration
from keylint.core.records import NamedTuple
from keylint.core.terms import Permission
from keylint.policies.violations import declaration_identity, make_violation
from keylint.rules.declaration_types import DeclarationSpec, IpPolicy
from keylint.rules.rule_set import RuleSet
from keylint.validators.ip_addresses import classify_entry


class View(NamedTuple):
    """What a policy looks at.

    A declaration, its path, the issuer's table, the thresholds, today (YYYY-MM-DD).
    """

    declaration: KeyDeclaration
    path: str
    table: DeclarationSpec | None
    limits: dict[str, int]
    today: str
    pack: RuleSet

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return the permissions; none where nothing is said of them."""
        return self.declaration.permissions or frozenset()

    @property
    def ip_policy(self) -> IpPolicy:
        """Return what the issuer's IP lists can do; the defaults where that is not known."""
        return self.table.ip if self.table else IpPolicy()

    @property
    def is_open(self) -> bool:
        """Tell whether the key works from anywhere."""
        return self.declaration.restriction == 'none' or any(
            classify_entry(entry) in ('anyone', 'everywhere')
            for entry in self.declaration.addresses
        )

    @property
    def is_row_without_list(self) -> bool:
        """Tell whether this is an entry of an inventory that says nothing of addresses."""
        declaration = self.declaration
        return declaration.source == 'inventory' and declaration.restriction == 'unknown'

    def list_kinds(self) -> list[tuple[str, str]]:
        """List each entry of the IP list with its kind."""
        v4, v6 = self.limits['shortest-ipv4-prefix'], self.limits['shortest-ipv6-prefix']
        return [(entry, classify_entry(entry, v4, v6)) for entry in self.declaration.addresses]

    def is_third_party(self, entry: str) -> bool:
        """Tell whether everybody who uses some service sends from this address."""
        services = self.pack.third_party_addresses.values()
        return any(entry.removesuffix('/32') in addresses for addresses in services)

    def violate(self, rule: str, case: str, message: str, topic: str, claim: str = '') -> Violation:
        """Make the violation of a policy that points at what is said on a topic.

        It is named after its claim, by default the message: the wording may change, names stay.
        """
        start, end = self.declaration.span_of(topic)
        violation = make_violation(self.pack, rule, case, message, self.declaration)
        if claim:
            identity = declaration_identity(rule, self.declaration, claim)
            violation = violation._replace(identity=identity)
        return violation._replace(start=start, end=end)
