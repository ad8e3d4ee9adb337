"""The result of a day: where it comes from, and which day an instant belongs to."""
