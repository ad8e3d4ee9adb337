"""What the limits would have said of the past: orders of a file, judged in their sequence."""
