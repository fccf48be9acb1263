"""Export formats: what the files of a dataset hold. A format is one module and one row of `catalog`."""
