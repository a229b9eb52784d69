"""nbgrader's gradebook: opening it, generating assignments into it, recording results, and notes on
what was recorded."""
