"""Invariants: one file each, found by the registry. They hold in every drill, whatever it expects."""
