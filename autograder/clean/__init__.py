"""Makes what a student's kernel or notebook produced safe to show: in feedback, in the formgrader,
in JupyterLab.

Everything comes from a process that the student controls. The functions are pure, take any data,
and never raise.
"""

from .images import clean_attachments
from .markdown import clean_markdown
from .notebook import clean_notebook, clean_source
from .outputs import clean_outputs

__all__ = ["clean_attachments", "clean_markdown", "clean_notebook", "clean_outputs", "clean_source"]
