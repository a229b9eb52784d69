"""`timestamp.txt`: every time that nbgrader can read, and whatever else may lie there instead."""

from __future__ import annotations

import os

import pytest

from autograder.submission.timestamp import LONGEST, UNREADABLE, Stamp, read_stamp
from tests.helpers.stamps import BAD, put


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2030-01-02 12:00:00 UTC", "2030-01-02T12:00:00"),
        ("2030-01-02 12:00:00.250000 Europe/Paris\n", "2030-01-02T11:00:00.250000"),
        ("2030-01-02T12:00:00+01:00", "2030-01-02T11:00:00"),
        ("2 January 2030 12:00", "2030-01-02T12:00:00"),
        ("2030-01-02", "2030-01-02T00:00:00"),
    ],
)
def test_times(tmp_path, text, expected):
    put(tmp_path, text)
    found = read_stamp(tmp_path)
    assert found.time and found.time.isoformat() == expected
    assert found.incidents == () and found.text == text.strip()


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_time(tmp_path, kind):
    put(tmp_path, BAD[kind])
    found = read_stamp(tmp_path)
    assert found.time is None and found.incidents == (UNREADABLE,)
    assert len(found.text) <= LONGEST


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "timestamp.txt")
    assert read_stamp(tmp_path).incidents == (UNREADABLE,)


def test_no_file_and_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        assert read_stamp(folder) == Stamp()
