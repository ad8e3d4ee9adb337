"""Where alerts can go, one file a kind of place."""
