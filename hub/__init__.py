"""A JupyterHub with the course: `make hub` starts it for a demonstration; docs/hub.md says
how to run it for real.

Needs Python's standard library only: it builds the environments that it then starts.
"""
