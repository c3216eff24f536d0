"""What a declaration says of its key, for the finding about it."""

from __future__ import annotations

from keylint.core.claims import UNKNOWN_ENVIRONMENT, Certainty, Claim, Proof
from keylint.core.lazy_typing import assert_never
from keylint.core.model import DeclarationSummary, KeyDeclaration
from keylint.core.terms import PERMISSIONS


def claim_declared(declaration: KeyDeclaration) -> Claim:
    """Claim the environment that a declaration states; what a configuration implies is a guess."""
    if declaration.environment == 'unknown':
        return UNKNOWN_ENVIRONMENT
    proof = Proof('declaration', f'the {declaration.source} says so')
    certainty: Certainty = 'likely' if declaration.source == 'config' else 'proven'
    return Claim('environment', declaration.environment, certainty, proof)


def summarise_declaration(declaration: KeyDeclaration) -> DeclarationSummary:
    """Choose what a finding shows of a declaration; None where nothing is said."""
    permissions = None
    if declaration.permissions is not None:
        permissions = tuple(one for one in PERMISSIONS if one in declaration.permissions)
    addresses = None
    match declaration.restriction:
        case 'none' | 'listed':
            addresses = declaration.addresses
        case 'placeholder' | 'unstated' | 'unknown':
            pass
        case never:
            assert_never(never)
    return DeclarationSummary(
        declaration.issuer, declaration.label, permissions, addresses, declaration.source
    )
