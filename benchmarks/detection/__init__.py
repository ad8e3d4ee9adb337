"""How many faults the guards find in real series, by kind, and how often they are wrong."""
