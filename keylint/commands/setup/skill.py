"""What a coding agent should know of keylint: the skill that `keylint init --agents` places.

docs/agents.md shows the same text.
"""

from __future__ import annotations

SKILL = """\
---
name: keylint
description: >-
  Keep exchange keys, wallet keys and tokens out of files, commits, prompts and commands with
  keylint. Use before committing or publishing, when keylint or its hook blocks an action, and
  when code needs an API key, a secret, a passphrase or a seed phrase.
---

# keylint

keylint finds leaked keys of exchanges, wallets, brokers and bots. It works offline and prints no
values.

## Use it

- After you changed files: `keylint scan --format concise`. One line a finding, exit code 1 for
  findings, 2 where something was not scanned; 2 is not clean.
- Before a commit: `keylint scan --staged`.
- What a rule means and what to do: `keylint explain RULE`.
- To move values into an untracked `.env`: `keylint fix --dry-run`, and `keylint fix` when the
  user agrees.
- What a key may do, and the smallest one that would do: `keylint keys --recipe`.
- Before a repository is published: `keylint publish`.

## When code needs a key

Read it from the environment by a name such as `BINANCE_API_KEY`. Put the name without a value into
`.env.example`, and ask the user to put the value into `.env`, which git ignores. In tests use
obvious placeholders.

## When a hook or a scan blocks you

Do what its sentence says, then go on. If you think that it is a false positive, say so and ask the
user.

## Never

- print, repeat, log, encode, split or send a value, and never read `.env` to look at one;
- put a value into a command line, a prompt, a URL, a commit message or the arguments of a tool;
- add `keylint: ignore`, change the baseline, the configuration or the hooks of keylint, or use
  `--no-verify` or `SKIP=`, unless the user asked for exactly that;
- run `keylint scan --show-secrets`;
- call a leaked key harmless because you deleted it: what was committed or sent must be revoked, and
  only the user can do that.
"""
