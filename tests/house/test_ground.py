"""The ground floor: files that are there whole or not at all."""

from __future__ import annotations

import errno
import resource

import pytest

from autograder.audit import pool
from autograder.whole import write_whole


@pytest.mark.parametrize("content", ["ein Gruß\n", b"\xff\x00"])
def test_a_file_is_written_in_place_of_what_was_there(tmp_path, content):
    path = tmp_path / "file"
    path.write_text("before")
    write_whole(path, content, durable=True)
    assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_what_is_no_text_is_not_begun(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "file", "half a pair: \ud800")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("durable", [False, True])
def test_what_cannot_be_written_leaves_what_was_there_and_nothing_else(tmp_path, durable):
    path = tmp_path / "file"
    path.write_text("before")

    def full() -> int | None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_whole(path, "x" * 5000, durable=durable)
        except OSError as error:
            return error.errno
        return None

    [ended] = pool.run([pool.Job(None, full, 60)], 1)
    assert ended.value == errno.EFBIG
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
