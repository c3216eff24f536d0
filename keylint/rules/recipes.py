"""Examples without values: `{hex:32}` becomes 32 random hex digits, the same every time.

docs/writing-rules.md lists the recipes.
"""

from __future__ import annotations

import random
import re

from keylint.rules.recipe_keys import KEY_MAKERS
from keylint.rules.recipe_phrases import PHRASE_MAKERS
from keylint.rules.recipe_texts import TEXT_MAKERS, Maker

_RECIPE = re.compile(r'\{\{|\}\}|\{([a-zA-Z][a-zA-Z0-9-]*)(?::([^{}]*))?\}')
_MAKERS: dict[str, Maker] = {**TEXT_MAKERS, **KEY_MAKERS, **PHRASE_MAKERS}
# The recipe that repeats an earlier value of the same text, by its number from 1.
_REPEAT = 'again'


def expand_recipes(text: str, seed: str) -> str:
    """Return the text with every recipe replaced; `{{` and `}}` are braces.

    Raises ValueError for a recipe that does not exist or does not work.
    """
    rng = random.Random(f'keylint/{seed}')
    made: list[str] = []

    def fill(match: re.Match[str]) -> str:
        if match.group() in ('{{', '}}'):
            return match.group()[0]
        name, argument = match.group(1), match.group(2) or ''
        if name not in _MAKERS and name != _REPEAT:
            allowed = ', '.join(sorted([*_MAKERS, _REPEAT]))
            raise ValueError(f"unknown recipe '{match.group()}'; allowed: {allowed}")
        try:
            if name == _REPEAT:
                return made[int(argument) - 1]
            made.append(_MAKERS[name](rng, argument))
        except (ValueError, LookupError) as error:
            raise ValueError(f"recipe '{match.group()}' does not work: {error}") from None
        return made[-1]

    return _RECIPE.sub(fill, text)
