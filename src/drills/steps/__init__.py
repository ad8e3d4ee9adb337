"""What a scenario can do at an instant: one file a step, found by this folder."""
