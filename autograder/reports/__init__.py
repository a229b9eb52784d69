"""What people read: tables in a terminal, the report on a class, explanations of single marks."""
