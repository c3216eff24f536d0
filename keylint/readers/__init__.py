"""Read bytes of a file as fragments, settings and trees: one format a module, one row in the table of formats."""
