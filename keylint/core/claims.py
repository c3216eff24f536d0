"""A conclusion about a key and its proof: what is claimed, how sure it is, and the evidence."""

from keylint.core.lazy_typing import Literal
from keylint.core.records import NamedTuple

Certainty = Literal['proven', 'likely', 'unknown']
Topic = Literal['environment', 'completeness', 'issuer']
# What can prove an environment. `shape` is the value's own form, `name` a word in the key's name,
# `file` one in the file's name, `tree` the imports or the name of the surrounding repository.
ProofKind = Literal[
    'shape', 'name', 'setting', 'host', 'call', 'constant', 'file', 'declaration', 'parts', 'tree'
]


class Proof(NamedTuple):
    """The evidence for a claim.

    `text` is safe to show: it repeats words of the rules, never a value. `start` is its first byte
    in the fragment (-1 if it is not in one), `line` the line of the file, filled in when the file's
    lines are counted (0 if there is none).
    """

    kind: ProofKind
    text: str
    start: int = -1
    line: int = 0

    def describe(self) -> str:
        """Return the proof as reports print it: `host testnet.bybit.com, line 4`."""
        return f'{self.text}, line {self.line}' if self.line else self.text


class Claim(NamedTuple):
    """A conclusion about a key: its topic, its value, how sure it is, and its proof."""

    topic: Topic
    value: str
    certainty: Certainty = 'unknown'
    proof: Proof | None = None

    @property
    def is_proven(self) -> bool:
        """Tell whether the claim is more than a guess."""
        return self.certainty == 'proven'

    def describe(self) -> str:
        """Return the claim in words; empty if nothing is claimed."""
        if self.certainty == 'unknown' or self.proof is None:
            return ''
        guess = '' if self.is_proven else 'likely '
        return f'{guess}{self.value}: {self.proof.describe()}'


UNKNOWN_ENVIRONMENT = Claim('environment', 'unknown')
UNKNOWN_COMPLETENESS = Claim('completeness', 'unknown')


def find_claim(claims: tuple[Claim, ...], topic: Topic) -> Claim:
    """Return the claim on a topic, or one of an unknown value if there is none."""
    for claim in claims:
        if claim.topic == topic:
            return claim
    return Claim(topic, 'unknown')
