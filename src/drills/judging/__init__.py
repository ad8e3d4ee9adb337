"""What expectations are made of: times, comparisons, pairings and outcomes. All of it is pure."""
