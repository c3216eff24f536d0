"""Read a file as fragments, settings and trees: each format is a module and a row of `formats`."""
