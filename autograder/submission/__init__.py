"""What was handed in: find it, read it without trusting it, and put the answers into the master's
cells."""
