"""Read a file as fragments, settings and trees: a format is a module and a row of `formats`."""
