"""Reports: one file each, found by the registry. Each shows the results of a run in one form."""
