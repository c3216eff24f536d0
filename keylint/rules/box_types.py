"""Records of the boxes that an exchange's page offers when a user makes a key."""

from typing import TYPE_CHECKING, Literal

from keylint.core.records import NamedTuple
from keylint.core.terms import Permission

if TYPE_CHECKING:
    from keylint.rules.types import Row

# How the rights of a key are given: by boxes; none, a key opens all that the account opens;
# approval, an agent of the main key is approved; gone, keys of this kind cannot be made any more;
# unknown, what the page offers is not documented.
KeyRights = Literal['boxes', 'none', 'approval', 'gone', 'unknown']
# Whether sub-accounts have keys of their own, and what those cannot do.
SubAccounts = Literal['yes', 'cannot-withdraw']
# How a dossier's word relates to the page: a box that it offers today, one that it no longer
# offers, a word of the API alone, or a right that comes with every key.
BoxKind = Literal['box', 'old', 'word', 'given']
# Uses of a key that are finer than any permission: deposit addresses, loans, closed orders, the
# ledger, streams of the account.
UseCase = Literal['deposit', 'borrow', 'history', 'ledger', 'stream']


class Box(NamedTuple):
    """One box to tick, with all the permissions that it grants.

    `words` are all its names in files, its label included. It only works together with the boxes in
    `needs` and never together with those in `excludes`. Files may have boxes of every kind; recipes
    have only offered ones, which the page is known to have today.
    """

    label: str
    permissions: tuple[Permission, ...]
    words: tuple[str, ...]
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    kind: BoxKind = 'box'
    is_offered: bool = True


class KeyPage(NamedTuple):
    """How a key is made at one vendor.

    `boxes` are in the order of the page; `use_cases` name the boxes for a permission or a finer
    use, if that takes more than one. `steps` precede the boxes; `{label}` in them is the name of
    the key.
    """

    rights: KeyRights = 'unknown'
    boxes: tuple[Box, ...] = ()
    use_cases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    steps: tuple[str, ...] = ()
    sub_accounts: SubAccounts | None = None

    @classmethod
    def from_row(cls, row: 'Row') -> 'KeyPage':
        """Make the record from a cached row, with its boxes."""
        rights, boxes, *rest = row
        return cls(rights, tuple(map(Box._make, boxes)), *rest)

    def list_boxes_for(self, use: str) -> list[Box]:
        """List the boxes of a use case; none if the page has no set of boxes for it."""
        labels = {label for name, labels in self.use_cases if name == use for label in labels}
        return [box for box in self.boxes if box.label in labels]

    @property
    def offered(self) -> list[Box]:
        """List the boxes that can be ticked today."""
        return [box for box in self.boxes if box.is_offered]
