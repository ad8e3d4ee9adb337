"""Expectations: one file each, found by the registry. Each is a key under `expect:` of a scenario."""
