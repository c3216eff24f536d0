"""Judge what a coding agent is about to do: its prompts, files, commands, calls and results.

An agent hands an event to its hook. The event is told from its fields, what is in it becomes texts
with the paths they go to, each is scanned as `keylint scan` would, and the answer has the agent's
own form. `quick` answers what is plainly clean before anything heavy is loaded.
"""
