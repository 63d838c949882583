"""A table of workshops into the register of an office: columns guessed, rows checked, applied in blocks, undone."""
