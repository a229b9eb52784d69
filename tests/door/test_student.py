"""The narrow door: what goes through it, what does not, and how verdicts are shown."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks.verdict import Criterion, Verdict
from autograder.door import inside as door
from autograder.door.student import (
    BadReply,
    InProcessStudent,
    ProbeError,
    ProbeFailed,
    ProbeTimeout,
    StudentDied,
    StudentLost,
    decode,
    encode,
)

DTYPES = [
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint64",
    "bool",
]


def ask(source, returns=("out",), namespace=None, **inputs):
    return InProcessStudent({} if namespace is None else namespace).run(
        source, returns=list(returns), **inputs
    )


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(DTYPES),
    st.lists(st.integers(0, 4), min_size=1, max_size=3),
    st.integers(0, 2**32 - 1),
)
def test_arrays_go_in_and_come_back_bit_by_bit(dtype, shape, seed):
    array = np.random.default_rng(seed).integers(0, 100, shape).astype(dtype)
    back = ask("out = given", given=array)["out"]
    assert back.dtype == array.dtype and back.shape == array.shape
    assert np.array_equal(back, array)


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_plain_values_go_in_and_come_back(value):
    assert ask("out = given", given=value)["out"] == value


def test_tensors_come_back_as_arrays():
    import torch

    back = ask(
        "import torch\n"
        "a = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)\n"
        "b = torch.tensor(3)\n"
        "c = torch.ones(2, dtype=torch.bfloat16)\n"
        "d = [torch.tensor(1.5), torch.tensor([2.5])]",
        returns="abcd",
    )
    assert torch is not None and back["a"].dtype == np.float64 and back["a"].shape == (2, 3)
    assert back["b"].shape == () and back["b"] == 3
    assert back["c"].dtype == np.float32
    assert back["d"] == [1.5, 2.5]


def test_the_probe_sees_the_students_names_and_leaves_them_alone():
    namespace = {"double": lambda x: 2 * x, "x": "mine"}
    back = ask("out = double(x)\nx = 7\nseen = namespace['x']", ("out", "seen"), namespace, x=21)
    assert back == {"out": 42, "seen": "mine"}
    assert set(namespace) == {"double", "x"} and namespace["x"] == "mine"


def test_what_is_printed_stays_inside(capsys):
    ask("import sys\nprint('secret')\nprint('secret', file=sys.stderr)\nout = 1")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise ValueError('no luck')", "ValueError: no luck"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("out = unknown", "NameError"),
        ("pass", "KeyError"),
        ("out = = 1", "SyntaxError"),
        ("import numpy\nout = numpy.array([1j])", "real numbers are asked for"),
        ("import numpy\nout = numpy.array([object()])", "real numbers are asked for"),
        ("import numpy\nout = numpy.array(['text'])", "real numbers are asked for"),
        ("out = object()", "not data"),
        ("out = {1, 2}", "not data"),
        ("out = []\nout.append(out)", "Recursion"),
        ("raise ValueError('x' * 10**6)", "ValueError: xxx"),
    ],
)
def test_failures_of_the_students_code_are_one_sentence(source, said):
    with pytest.raises(ProbeFailed, match=said) as caught:
        ask(source)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("value", ["float('nan')", "float('inf')", "[1.0, float('-inf')]"])
def test_numbers_that_are_none_are_refused(value):
    with pytest.raises(BadReply, match="not a finite number"):
        ask(f"out = {value}")


def test_arrays_of_nan_pass_the_door_and_are_the_checks_concern():
    assert np.isnan(ask("import numpy\nout = numpy.full(2, numpy.nan)")["out"]).all()


def test_the_limit_on_the_size_of_a_reply():
    reply = safetensors.numpy.save(
        {"out": np.zeros(1000)}, {"json": json.dumps({"values": {}, "order": []})}
    )
    assert decode(reply, ["out"], limit=10_000)["out"].size == 1000
    with pytest.raises(BadReply, match="larger"):
        decode(reply, ["out"], limit=5_000)
    with pytest.raises(BadReply, match="larger than 48 MiB"):
        ask("import numpy\nout = numpy.zeros(7_000_000)")


def good(values=None, arrays=None, **more) -> bytes:
    body = {"values": values or {}, "order": []} | more
    return safetensors.numpy.save(arrays or {}, {door.SCALARS: json.dumps(body)})


def header(text: bytes) -> bytes:
    return len(text).to_bytes(8, "little") + text


MALFORMED = {
    "empty": b"",
    "short": b"\x01\x02",
    "text": b"hello, I have full marks",
    "header beyond the end": (2**40).to_bytes(8, "little"),
    "no metadata": safetensors.numpy.save({"out": np.ones(2)}),
    "no json": safetensors.numpy.save({}, {"other": "{}"}),
    "broken json": safetensors.numpy.save({}, {door.SCALARS: "{"}),
    "a list": safetensors.numpy.save({}, {door.SCALARS: "[]"}),
    "values that are a list": safetensors.numpy.save({}, {door.SCALARS: '{"values": [1]}'}),
    "metadata that is a list": header(b'{"__metadata__": [1]}'),
    "offsets beyond the data": header(
        b'{"__metadata__": {"json": "{\\"values\\": {}}"}, "out": {"dtype": "F64", "shape": [9], '
        b'"data_offsets": [0, 72]}}'
    ),
    "negative shape": header(
        b'{"__metadata__": {"json": "{\\"values\\": {}}"}, "out": {"dtype": "F64", "shape": [-1], '
        b'"data_offsets": [0, 0]}}'
    ),
    "unknown dtype": header(
        b'{"__metadata__": {"json": "{\\"values\\": {}}"}, "out": {"dtype": "F4", "shape": [0], '
        b'"data_offsets": [0, 0]}}'
    ),
    "deep json": safetensors.numpy.save(
        {}, {door.SCALARS: '{"values": {"out": ' + "[" * 10**5 + "]" * 10**5 + "}}"}
    ),
    "long integer": safetensors.numpy.save(
        {}, {door.SCALARS: '{"values": {"out": ' + "9" * 10**5 + "}}"}
    ),
    "another name": good({"passed": True}),
    "one name too many": good({"out": 1, "points": 3}),
    "nothing": good(),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_replies_are_refused(name):
    with pytest.raises(BadReply):
        decode(MALFORMED[name], ["out"])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 200), st.booleans())
def test_damaged_replies_never_raise_anything_else(noise, at, cut):
    reply = good({"out": 1}, {"more": np.ones(3)})
    damaged = reply[:at] if cut else reply[:at] + noise + reply[at + len(noise) :]
    with contextlib.suppress(ProbeError):
        assert set(decode(damaged, ["out", "more"])) == {"out", "more"}


def test_a_reported_error_is_the_students():
    with pytest.raises(ProbeFailed, match=r"^Your code raised Oops: it broke$"):
        decode(good(error="Oops", message="it broke"), ["out"])


def test_time_is_limited_and_the_clock_is_put_back():
    student = InProcessStudent({}, seconds=0.2)
    with pytest.raises(ProbeTimeout, match=r"No answer came within 0.2 seconds"):
        student.run("while True: pass", returns=["out"])
    with pytest.raises(ProbeTimeout):
        student.run(
            "import time\ntry:\n    time.sleep(5)\nexcept Exception:\n    out = 1", returns=["out"]
        )
    assert student.run("out = 1", returns=["out"]) == {"out": 1}


def test_after_which_errors_a_student_is_lost():
    assert issubclass(ProbeTimeout, StudentLost) and issubclass(StudentDied, StudentLost)
    assert not issubclass(ProbeFailed, StudentLost) and not issubclass(BadReply, StudentLost)


def test_inputs_are_read_as_they_were_written():
    read = door.read_inputs(
        encode({"x": np.arange(6.0).reshape(2, 3), "n": 4, "name": "θ", "none": None})
    )
    assert np.array_equal(read["x"], [[0, 1, 2], [3, 4, 5]])
    assert (read["n"], read["name"], read["none"]) == (4, "θ", None)


VERDICT = Verdict(
    "train",
    (
        Criterion("losses", True, 1.5, 1.5, "They agree."),
        Criterion("<b>", False, 0.0, 2.5, "No & <script>x</script>"),
    ),
    seed=3,
)


def test_verdicts_add_up_and_survive_json():
    assert (VERDICT.points, VERDICT.max_points) == (1.5, 4.0)
    assert type(VERDICT.points) is float and type(Verdict("x", ()).points) is float
    again = Verdict.from_json("train", json.loads(json.dumps(VERDICT.to_json())), 3)
    assert again == VERDICT


def test_verdicts_are_shown_as_text_and_as_a_table():
    bundle = VERDICT.mimebundle()
    assert bundle["text/plain"].splitlines()[0] == "train: 1.5 of 4 points"
    assert "passed" in bundle["text/plain"] and "not yet" in bundle["text/plain"]
    assert "<script>" not in bundle["text/html"] and "&lt;script&gt;" in bundle["text/html"]
    assert bundle["text/html"].count("<tr>") == 3
