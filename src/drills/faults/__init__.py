"""What can be made to go wrong: one file a fault, found by this folder."""
