"""Makes what a student's kernel or notebook produced safe to show: in feedback, in the formgrader,
in JupyterLab.

Everything comes from a process that the student controls. The functions are pure, take any data,
and never raise.
"""

from .clean_images import clean_attachments
from .clean_markdown import clean_markdown
from .clean_notebook import clean_notebook, clean_source
from .clean_outputs import clean_outputs

__all__ = ["clean_attachments", "clean_markdown", "clean_notebook", "clean_outputs", "clean_source"]
