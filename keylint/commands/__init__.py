"""One module for each sub-command: from parsed arguments to an exit code."""
