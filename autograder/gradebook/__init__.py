"""nbgrader's gradebook: opening it, recording results and penalties for lateness, and notes on what
was recorded."""
