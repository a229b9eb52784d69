"""A class: collecting, who has handed in, marking with Dask, results in the students' order, and
what a dry run shows."""
