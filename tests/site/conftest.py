"""The site is made once, whichever worker comes first."""

import pytest

from tests.helpers.pages import make_site

ADDRESSES = """
repository = "https://github.com/somewhere/ntk-lab"
branch = "autumn"
folder = ""
jupyterhub = "https://hub.example.org"
binder = "https://mybinder.org"
colab = "https://colab.research.google.com"
"""


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id):
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def site(shared):
    return make_site(shared)


@pytest.fixture(scope="session")
def instructors(shared, tmp_path_factory):
    """The instructors' site, with addresses where notebooks can be opened."""
    addresses = tmp_path_factory.mktemp("addresses") / "addresses.toml"
    addresses.write_text(ADDRESSES)
    return make_site(shared, "instructors", "--addresses", str(addresses))
