"""Functions of Python as one compiled function, kept on the disk for the next process."""
