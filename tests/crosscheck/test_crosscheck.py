"""`autograder.lab.reference` against implementations that share nothing with it: mpmath at 50
digits, neural-tangents, jax.

`python -m bench crosscheck` prints every deviation.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.lab import reference
from bench.crosscheck import others
from bench.crosscheck.cases import SEED, deviation, kernels
from bench.crosscheck.environment import interpreter

KERNELS = ("relu_ntk", "network_ntk")
QUANTITIES = (
    *KERNELS,
    "sgd",
    "regression",
    "gen_bound",
    "gradient_descent",
    "minimum_norm",
    "lazy_directions",
)
BUILD = 2400  # s: the first run installs an environment


@pytest.fixture(scope="module")
def mpmath_rows():
    return others.against_mpmath()


@pytest.fixture(scope="module")
def jax_rows():
    return others.against_jax()


def assert_close(rows, quantity):
    mine = [row for row in rows if row.quantity == quantity]
    assert mine
    far = [
        f"{row.case}: {row.deviation:.1e} (at most {row.limit:g})"
        for row in mine
        if not row.deviation <= row.limit
    ]
    assert not far, far


@pytest.mark.parametrize("quantity", ["angles", *QUANTITIES])
def test_against_fifty_digits(mpmath_rows, quantity):
    assert_close(mpmath_rows, quantity)


@pytest.mark.timeout(BUILD)
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_against_neural_tangents_and_jax(jax_rows, quantity):
    assert_close(jax_rows, quantity)


@pytest.mark.timeout(BUILD)
def test_neural_tangents_classifies_the_test_images_as_the_reference_does():
    x, labels, test, truth = reference.fashion()
    images = {"relu_ntk/gram": {"x": x, "xprime": x}, "relu_ntk/cross": {"x": test, "xprime": x}}
    found = others.by_jax(images)
    given = {"gram": found["relu_ntk/gram"], "cross": found["relu_ntk/cross"], "labels": labels}
    outputs = others.by_jax({"regression/theirs": given})["regression/theirs"]
    theirs = reference.nearest_label(outputs, 1, 3)
    assert np.array_equal(theirs, reference.kernel_predictions())
    assert np.mean(theirs == truth) == 0.97


def test_the_comparison_sees_a_misplaced_parenthesis_and_a_missing_layer():
    """On images the mistaken kernel is only 3 % off: far more than any limit here."""
    given = kernels(np.random.default_rng(SEED))["images"]
    theta, v = reference.angles(**given)
    u = np.cos(theta)
    mistaken = v * u * (2 * (np.pi - theta) + np.sin(theta)) / (2 * np.pi)
    last_layer = v * (u * (np.pi - theta) + np.sin(theta)) / (2 * np.pi)
    right = reference.relu_ntk(**given)
    for wrong in (mistaken, last_layer):
        assert deviation("relu_ntk", given, wrong, right) > 1e4 * others.HALF
    assert deviation("relu_ntk", given, right[:1], right) == np.inf


@pytest.mark.timeout(BUILD)
def test_the_environment_is_kept_and_built_anew_when_what_it_needs_changes(tmp_path):
    folder, needs = tmp_path / "environment", tmp_path / "needs.txt"
    needs.write_text("# nothing\n")
    python = interpreter(folder, needs)
    (folder / "kept").touch()
    assert interpreter(folder, needs) == python and (folder / "kept").exists()
    needs.write_text("./nowhere\n")
    with pytest.raises(RuntimeError, match="not installed"):
        interpreter(folder, needs)
    assert not (folder / "stamp").exists()  # half an environment is never taken for a whole one
