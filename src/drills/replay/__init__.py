"""What limits and guards would have said of the past: orders and candles of files, in their sequence."""
