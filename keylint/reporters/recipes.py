"""Write the recommended keys: text, JSON, and Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from keylint.api_usage.other_languages import UnreadUse
from keylint.core.permission_words import describe_permissions
from keylint.policies.key_recipes import KeyRecommendation
from keylint.reporters.keys import describe_unread, escape_markdown
from keylint.reporters.terminal import measure_terminal
from keylint.reporters.text import sanitize_text, wrap_words


def write_recipe_text(
    recipes: Sequence[KeyRecommendation], unread: Sequence[UnreadUse], stream: TextIO
) -> None:
    """Write the steps for each exchange, as wide as the terminal."""
    columns = measure_terminal(stream).columns
    for recipe in recipes:
        stream.write(f'{sanitize_text(recipe.name)}: {describe_need(recipe)}\n')
        if recipe.is_known:
            for number, step in enumerate(list_recipe_steps(recipe), 1):
                head = f'  {number}. '
                stream.writelines(wrap_words(sanitize_text(step), columns, head, len(head)))
        notes = [f'not counted: {level}: {proof}' for level, proof in recipe.idle]
        for note in (*notes, *(f'not read: {one}' for one in recipe.doubts)):
            stream.writelines(wrap_words(sanitize_text(note), columns, '  ', 4))
        stream.write('\n')
    if not recipes and not unread:
        stream.write('the code needs no exchange key\n')
    stream.write(''.join(f'{line}\n' for line in describe_unread(unread)))


def write_recipe_json(
    recipes: Sequence[KeyRecommendation], unread: Sequence[UnreadUse], stream: TextIO
) -> None:
    """Write one object: `recipes`, and the files `not_read`."""
    told = {
        'recipes': [recipe._asdict() for recipe in recipes],
        'not_read': [use._asdict() for use in unread],
    }
    json.dump(told, stream, indent=2, ensure_ascii=True)
    stream.write('\n')


def write_recipe_markdown(
    recipes: Sequence[KeyRecommendation], unread: Sequence[UnreadUse], stream: TextIO
) -> None:
    """Write a list for each exchange."""
    for recipe in recipes:
        stream.write(f'## {escape_markdown(recipe.name)}\n\n')
        stream.write(f'{escape_markdown(_capitalize(describe_need(recipe)))}.\n\n')
        if recipe.is_known:
            steps = enumerate(list_recipe_steps(recipe, '\n   - [x] ', '\n   - [ ] '), 1)
            stream.write(''.join(f'{number}. {step}\n' for number, step in steps) + '\n')
        for level, proof in recipe.idle:
            stream.write(f'- Not counted: {level}: {escape_markdown(proof)}\n')
        doubts = ''.join(f'- Not read: {escape_markdown(one)}\n' for one in recipe.doubts)
        stream.write(f'{doubts}\n' if doubts or recipe.idle else '')
    stream.write(''.join(f'{escape_markdown(line)}\n\n' for line in describe_unread(unread)))


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


def describe_need(recipe: KeyRecommendation) -> str:
    """Describe what the code needs, and how sure that is."""
    needed = describe_permissions(recipe.levels)
    if not recipe.is_known:
        return 'what the code needs is not known, so no key is recommended'
    if not recipe.is_exact:
        return f'the code needs at least to {needed}: not all calls can be read'
    return f'the code needs to {needed}' if needed else 'the code needs no rights'


def list_recipe_steps(recipe: KeyRecommendation, on: str = '', off: str = '') -> list[str]:
    """List the steps in the order in which a reader follows them.

    With `on` and `off` as Markdown: they stand before each box.
    """
    show = escape_markdown if on else str
    page = f'open {recipe.manage or f"the key page of {recipe.name}"}'
    made = f' and create a key called {recipe.label}' if recipe.rights != 'approval' else ''
    closed = f'keys of this kind cannot be made at {recipe.name} any more'
    steps = [show(closed if recipe.rights == 'gone' else page + made)]
    steps += [show(step[:1].lower() + step[1:]) for step in recipe.steps]
    steps += _list_boxes(recipe, on, off)
    if recipe.rights != 'gone':
        steps += [show(recipe.ip), f'rotate by {recipe.rotate}']
    return steps


def _list_boxes(recipe: KeyRecommendation, on: str, off: str) -> list[str]:
    """List the steps about rights: what to tick and to leave off, or that there is nothing to."""
    if recipe.rights == 'gone':
        return []
    if recipe.rights == 'none':
        return ['nothing to tick: such a key may do all that its account may']
    if recipe.rights == 'unknown':
        needed = describe_permissions(recipe.levels) or 'do nothing'
        return [f'let it {needed}, and nothing more; the boxes of this page are not known here']
    return [*_list_ticks(recipe, on, off), *_list_limits(recipe)]


def _list_ticks(recipe: KeyRecommendation, on: str, off: str) -> list[str]:
    """List the boxes to tick and those to leave off."""
    verb = 'approve' if recipe.rights == 'approval' else 'tick'
    if on:
        boxes = [on + escape_markdown(box) for box in recipe.tick]
        boxes += [off + escape_markdown(box) for box in recipe.leave]
        return [f'{verb}:{"".join(boxes)}' if boxes else f'{verb} nothing']
    steps = [f'{verb}:  {"; ".join(recipe.tick) or "nothing"}']
    if recipe.leave or recipe.rights == 'boxes':
        steps += [f'leave off:  {"; ".join(recipe.leave) or "everything else"}']
    return steps


def _list_limits(recipe: KeyRecommendation) -> list[str]:
    """List what nobody knows of the boxes, and what comes along with them."""
    steps = []
    if recipe.missing:
        lacking = describe_permissions(recipe.missing)
        steps += [
            f'no key that is approved here may {lacking}'
            if recipe.rights == 'approval'
            else f'which box lets it {lacking} is not known here'
        ]
    if recipe.refused:
        boxes = '; '.join(recipe.refused)
        steps += [f'some calls also need {boxes}, which opens far more: do by hand what they do']
    if recipe.beyond:
        more = describe_permissions(recipe.beyond)
        steps += [f'mind that it may {more} as well: {recipe.name} has nothing smaller']
    return steps
