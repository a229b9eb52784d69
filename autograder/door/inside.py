"""The part of the narrow door that runs beside the student's code.

This file is sent as text into the student's kernel (where `autograder` cannot be imported), so it
uses nothing but the standard library, NumPy, safetensors and, when the student's code has loaded
it, torch. Nothing here is trusted by the grader: it only has to be convenient for honest answers.
What comes out of it is read again, with limits, by `autograder.door.student.decode`.
"""

import base64
import builtins
import contextlib
import io
import json
import sys
from typing import Any

import numpy
import safetensors.numpy

MIME = "application/x-ntk-reply"
SCALARS = "json"  # the key of safetensors' metadata that carries whatever is not an array


class _Silence(io.TextIOBase):
    """Swallows what a student's function prints while it is probed."""

    def write(self, text: str) -> int:
        return len(text)


def _array(value: Any) -> numpy.ndarray:
    """`value` (NumPy array or scalar, torch tensor) as a real, boolean or integer NumPy array of at
    most 64 bits."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        if value.is_complex():
            raise TypeError("complex numbers came back where real ones are asked for")
        if value.is_floating_point() and value.dtype not in (
            torch.float16,
            torch.float32,
            torch.float64,
        ):
            value = value.float()
        value = value.numpy()
    value = numpy.asarray(value)
    if value.dtype.kind == "f" and value.dtype.itemsize > 8:
        value = value.astype(numpy.float64)
    if value.dtype.kind not in "fiub":
        raise TypeError(
            f"an array of type {value.dtype} came back where real numbers are asked for"
        )
    return numpy.ascontiguousarray(value) if value.ndim else value.copy()


def _is_array(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return isinstance(value, numpy.ndarray | numpy.generic) or (
        torch is not None and isinstance(value, torch.Tensor)
    )


def _as_json(value: Any) -> Any:
    """Lists, tuples and dicts with the arrays of length one inside them turned into numbers."""
    if _is_array(value):
        array = _array(value)
        return array.item() if array.size == 1 else array.tolist()
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    return value


def answer(probe: str, returns: list, inputs: bytes, namespace: dict) -> bytes:
    """Run `probe` beside the student's names and return the reply as safetensors bytes.

    probe: source text; returns: the names to give back; inputs: safetensors bytes; namespace: the
    student's globals. The probe works in a copy of them; it sees the original as `namespace`.
    """
    try:
        # `sum = 0` in a cell of the student's is no reason for a probe that adds something up to
        # fail.
        names = {
            k: v for k, v in namespace.items() if k.startswith("_") or not hasattr(builtins, k)
        }
        names.update(read_inputs(inputs))
        names["namespace"] = namespace
        with contextlib.redirect_stdout(_Silence()), contextlib.redirect_stderr(_Silence()):
            exec(compile(probe, "<probe>", "exec"), names)
        arrays, scalars = {}, {}
        for name in returns:
            if _is_array(names[name]):
                arrays[name] = _array(names[name])
            else:
                scalars[name] = _as_json(names[name])
        reply = {"values": scalars, "order": list(arrays)}
    except BaseException as error:  # also SystemExit and KeyboardInterrupt: they are the student's
        arrays, reply = {}, {"error": type(error).__name__, "message": str(error)[:500]}
    try:
        return safetensors.numpy.save(arrays, {SCALARS: json.dumps(reply)})
    except BaseException as error:
        reply = {"error": type(error).__name__, "message": "something that is not data came back"}
        return safetensors.numpy.save({}, {SCALARS: json.dumps(reply)})


def read_inputs(inputs: bytes) -> dict:
    header = int.from_bytes(inputs[:8], "little")
    values = json.loads(
        json.loads(inputs[8 : 8 + header]).get("__metadata__", {}).get(SCALARS, "{}")
    )
    return {**values, **safetensors.numpy.load(inputs)}


class Reply:
    """Carries the reply through Jupyter's `user_expressions` as a MIME bundle."""

    def __init__(self, data: bytes):
        self.data = data

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict:
        return {MIME: base64.b64encode(self.data).decode("ascii")}
