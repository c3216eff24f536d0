"""Records of what an exchange's page lets people tick when they make a key."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from keylint.core.terms import Permission

if TYPE_CHECKING:
    from keylint.rules.types import Row

# How the rights of a key are given: by boxes; none, a key opens all that the account opens;
# approval, an agent of the main key is approved; gone, keys of this kind cannot be made any more;
# unknown, nobody has written down what the page offers.
KeyRights = Literal['boxes', 'none', 'approval', 'gone', 'unknown']
# What sets of boxes are for: a permission, or a use that is finer than any.
UseCase = Permission | Literal['deposit', 'borrow']


class Box(NamedTuple):
    """One thing to tick, with all the permissions that it grants at once.

    `words` are all that files call it by, its label included. It only works beside the boxes in
    `needs` and never beside those in `excludes`. What is not offered is an old name, or no box of
    a key's page: files may have it, recipes never.
    """

    label: str
    permissions: tuple[Permission, ...]
    words: tuple[str, ...]
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    is_offered: bool = True


class KeyPage(NamedTuple):
    """How a key is made at one vendor.

    `boxes` stand in the order of the page; `use_cases` name the boxes for a use where that takes
    more than the first that grants a permission. `steps` come before the boxes; `{label}` in them
    is the name of the key.
    """

    rights: KeyRights = 'unknown'
    boxes: tuple[Box, ...] = ()
    use_cases: tuple[tuple[UseCase, tuple[str, ...]], ...] = ()
    steps: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: 'Row') -> 'KeyPage':
        """Make the record of a cached row, with the boxes in it."""
        rights, boxes, use_cases, steps = row
        return cls(rights, tuple(map(Box._make, boxes)), use_cases, steps)

    def list_boxes_for(self, use: str) -> list[Box]:
        """List the boxes of a use case; none where the page has no set of boxes for it."""
        labels = {label for name, labels in self.use_cases if name == use for label in labels}
        return [box for box in self.boxes if box.label in labels]

    @property
    def offered(self) -> list[Box]:
        """List the boxes that can be ticked today."""
        return [box for box in self.boxes if box.is_offered]
