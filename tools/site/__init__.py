"""The course as web pages, made of what is released: `python -m tools.site`."""
