"""The options of each command: a module `NAME` has `add_options` and is imported only for NAME."""
