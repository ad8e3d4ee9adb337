"""What is told, when, and to whom: one decision a file."""
