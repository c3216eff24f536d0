"""Records of what an exchange's page lets people tick when they make a key."""

from typing import TYPE_CHECKING, Literal

from keylint.core.records import NamedTuple
from keylint.core.terms import Permission

if TYPE_CHECKING:
    from keylint.rules.types import Row

# How the rights of a key are given: by boxes; none, a key opens all that the account opens;
# approval, an agent of the main key is approved; gone, keys of this kind cannot be made any more;
# unknown, nobody has written down what the page offers.
KeyRights = Literal['boxes', 'none', 'approval', 'gone', 'unknown']
# Whether sub-accounts have keys of their own, and what these cannot do.
SubAccounts = Literal['yes', 'cannot-withdraw']
# What a word of a dossier is to the page: a box that it offers today, one that it no longer does, a
# word of the API alone, or what comes with every key.
BoxKind = Literal['box', 'old', 'word', 'given']
# Uses of a key that are finer than any permission: deposit addresses, loans, closed orders, the
# ledger, streams of the account.
UseCase = Literal['deposit', 'borrow', 'history', 'ledger', 'stream']


class Box(NamedTuple):
    """One thing to tick, with all the permissions that it grants at once.

    `words` are all that files call it by, its label included. It only works beside the boxes in
    `needs` and never beside those in `excludes`. Files may have boxes of every kind, recipes those
    alone that are offered: the page has them today, and that is more than a guess.
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

    `boxes` stand in the order of the page; `use_cases` name the boxes for a permission or a finer
    use, where that takes more than one. `steps` come before the boxes; `{label}` in them is the
    name of the key.
    """

    rights: KeyRights = 'unknown'
    boxes: tuple[Box, ...] = ()
    use_cases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    steps: tuple[str, ...] = ()
    sub_accounts: SubAccounts | None = None

    @classmethod
    def from_row(cls, row: 'Row') -> 'KeyPage':
        """Make the record of a cached row, with the boxes in it."""
        rights, boxes, *rest = row
        return cls(rights, tuple(map(Box._make, boxes)), *rest)

    def list_boxes_for(self, use: str) -> list[Box]:
        """List the boxes of a use case; none where the page has no set of boxes for it."""
        labels = {label for name, labels in self.use_cases if name == use for label in labels}
        return [box for box in self.boxes if box.label in labels]

    @property
    def offered(self) -> list[Box]:
        """List the boxes that can be ticked today."""
        return [box for box in self.boxes if box.is_offered]
