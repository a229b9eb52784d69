"""Sphinx's settings. `python -m tools.site` assembles what is read here, and calls it."""

import tomllib

from sphinx.util.inspect import TypeAliasForwardRef

project = "The Neural Tangent Kernel"
copyright = ""
html_title = "The Neural Tangent Kernel, a lab"
language = "en"

extensions = [
    "myst_nb",  # notebooks and MyST text as pages
    "sphinx_design",  # dropdowns that are HTML's own, cards
    "sphinx_copybutton",
    "sphinx-mathjax-offline",  # MathJax and its fonts, beside the pages
]
if tags.has("instructors"):  # noqa: F821  (provided by Sphinx)
    extensions += ["sphinx.ext.autodoc", "sphinx.ext.napoleon"]

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_preserve_defaults = True  # as they are written: no <function <lambda>>
autodoc_type_aliases = {"ArrayLike": "ArrayLike"}  # not the dozen types that it stands for
# the Tab key goes from link to link, and does not stop at every formula
mathjax3_config = {"options": {"menuOptions": {"settings": {"inTabOrder": False}}}}
default_role = "code"  # one backtick in a docstring is code

exclude_patterns = ["extra", "_static"]
copybutton_prompt_text = r"\$ |PS> "  # copied without what the terminal writes itself
copybutton_prompt_is_regexp = True
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_extra_path = ["extra"]
html_css_files = ["site.css", "player.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("site.js", "motion.js", "player.js")]
html_favicon = "_static/icon.svg"
html_context = {"default_mode": "auto"}
html_use_index = False
html_copy_source = False  # pages come from files that only the build has
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,  # each lab's page says it in words
    "home_page_in_toc": True,
    "navbar_persistent": [],
    "footer_content_items": [],
}
if tags.has("instructors"):  # noqa: F821
    html_theme_options["announcement"] = "These pages give answers away: keep them from students."


def _where_to_open(app, config):
    """Buttons for the places that site/addresses.toml names."""
    with open(config.addresses, "rb") as file:
        found = tomllib.load(file)
    repository = found.get("repository", "")
    if not repository:
        return
    places = ("jupyterhub", "binder", "colab")
    names = {"jupyterhub": "jupyterhub_url", "binder": "binderhub_url", "colab": "colab_url"}
    buttons = {names[place]: found[place] for place in places if found.get(place)}
    known = any(host in repository for host in ("github", "gitlab", "bitbucket"))
    config.html_theme_options |= {
        "repository_url": repository,
        # the theme asks; for what it offers here another host is like GitLab
        "repository_provider": "" if known else "gitlab",
        "repository_branch": found.get("branch") or "main",
        "path_to_docs": found.get("folder", ""),
        "launch_buttons": {"notebook_interface": "jupyterlab"} | buttons,
    }


def _bars(app, what, name, obj, options, lines):
    """|W| is a norm in our docstrings, and a substitution in reStructuredText."""
    for number, line in enumerate(lines):
        parts = line.split("`")  # every other one is code
        parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
        lines[number] = "`".join(parts)


def setup(app):
    app.add_config_value("addresses", "", "html", str)
    if app.tags.has("instructors"):
        # within other types Sphinx would print the object, not the alias's name
        TypeAliasForwardRef.__repr__ = lambda alias: alias.name
        app.connect("autodoc-process-docstring", _bars)
    app.connect("config-inited", _where_to_open, priority=100)
