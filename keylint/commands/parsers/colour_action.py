"""What `--color` does. Apart from the options: it needs argparse."""

from __future__ import annotations

import os
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence


class ColourAction(Action):
    """Put the choice where it holds for every stream of this run: into its environment."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        """Set the variables that `reporters.outputs.wants_colour` reads."""
        setattr(namespace, self.dest, values)
        for name in ('NO_COLOR', 'FORCE_COLOR', 'CLICOLOR_FORCE'):
            if values != 'auto':
                os.environ.pop(name, None)
        if values == 'always':
            os.environ['FORCE_COLOR'] = '1'
        elif values == 'never':
            os.environ['NO_COLOR'] = '1'
