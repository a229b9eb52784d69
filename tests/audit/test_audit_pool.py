"""The audit's pool of children, and what is concluded from repetitions."""

from __future__ import annotations

import os
import signal
import time

import pytest
from threadpoolctl import threadpool_info

from autograder.audit import pool
from autograder.audit.answers import Answer
from autograder.audit.chance import Setting, repetitions, settings, upper_bound
from autograder.audit.pool import Job
from tests.helpers.answers import forked
from tests.helpers.lab import load


def outcomes(jobs, workers=2):
    return {done.about: done for done in pool.run(jobs, workers)}


def gone(pid: int) -> bool:
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with open(f"/proc/{pid}/stat") as file:
            # nobody's child any more: init will see to it
            if file.read().rpartition(")")[2].split()[0] == "Z":
                return True
        time.sleep(0.05)
    return False


def test_values_and_failures_come_back():
    def fails():
        raise ValueError("no")

    found = outcomes(
        [
            Job("value", lambda: {"a": [1, 2.5, None]}, 60),
            Job("error", fails, 60),
            Job("exit", lambda: (_ for _ in ()).throw(SystemExit(3)), 60),
            Job("dies", lambda: os.kill(os.getpid(), signal.SIGKILL), 60),
            Job("not data", object, 60),
            Job("large", lambda: "x" * 3_000_000, 60),
        ]
    )
    assert found["value"].value == {"a": [1, 2.5, None]} and found["value"].failure is None
    assert found["error"].failure == "ValueError: no"
    assert found["exit"].failure.startswith("SystemExit")
    assert found["dies"].failure == "died" and found["dies"].value is None
    assert found["not data"].failure == "died" or found["not data"].failure.startswith("TypeError")
    assert len(found["large"].value) == 3_000_000


def test_a_child_that_hangs_is_ended_with_all_that_it_started(tmp_path):
    note = tmp_path / "pids"

    def hangs():
        grandchild = os.fork()
        if grandchild == 0:
            time.sleep(600)
        note.write_text(f"{os.getpid()} {grandchild}")
        time.sleep(600)

    found = outcomes([Job("hangs", hangs, 3), Job("quick", lambda: 1, 60)])
    assert found["hangs"].failure == "time" and found["quick"].value == 1
    assert all(gone(int(pid)) for pid in note.read_text().split())


def test_memory_is_limited():
    found = outcomes([Job("greedy", lambda: len(bytearray(pool.MEMORY_BYTES + 2**20)), 60)])
    assert found["greedy"].failure.startswith("MemoryError")


def test_no_child_stays_when_the_caller_gives_up(tmp_path):
    note = tmp_path / "pid"

    def sleeps():
        note.write_text(str(os.getpid()))
        time.sleep(600)

    def waits():
        while not note.exists():
            time.sleep(0.01)

    running = pool.run([Job("sleeps", sleeps, 600), Job("waits", waits, 600)], 2)
    assert next(running).about == "waits"
    running.close()
    assert gone(int(note.read_text()))


def test_children_print_nothing_and_jobs_are_drawn_as_there_is_room(capfd):
    drawn = []

    def jobs():
        for i in range(4):
            drawn.append(i)
            yield Job(i, lambda: print("noise") or os.write(2, b"noise"), 60)

    running = pool.run(jobs(), 1)
    next(running)
    assert drawn == [0]
    assert len(list(running)) == 3
    assert "noise" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("threads", [1, 2])
def test_a_child_computes_with_the_threads_and_dtype_that_it_is_told(threads):
    def work():
        import torch

        from autograder.audit.child import same_start

        same_start(threads, "float64", 7)
        blas = [found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas"]
        first = torch.rand(3).tolist()
        product = torch.ones(600, 600) @ torch.ones(600, 600)
        same_start(threads, "float64", 7)
        return [
            torch.get_num_threads(),
            max(blas, default=None),
            str(product.dtype),
            first == torch.rand(3).tolist(),
            product[0, 0].item(),
        ]

    assert forked(work) in (
        [threads, which, "torch.float64", True, 600] for which in (threads, None)
    )


def test_upper_bounds():
    assert upper_bound(0, 300) == pytest.approx(0.01)
    assert upper_bound(0, 0) == 1 and upper_bound(5, 5) == 1 and upper_bound(0, 2) == 1
    # Clopper-Pearson, one-sided 95 %: with one failure in n the bound p solves (1-p)^n + n p
    # (1-p)^(n-1) = 5 %
    p = upper_bound(1, 100)
    assert (1 - p) ** 100 + 100 * p * (1 - p) ** 99 == pytest.approx(0.05, rel=1e-6)
    # tables of the binomial distribution
    assert upper_bound(3, 10) == pytest.approx(0.6066, abs=1e-4)
    assert upper_bound(2, 1200) < upper_bound(3, 1200) < 0.01


RIGHTS = [Answer("x", f"right-{i}", "", "") for i in range(7)]


def test_every_seed_meets_every_setting_and_every_answer_too():
    ways = settings(load("ntk_kernel"))
    met = [
        (r.answer.name, *m)
        for r in repetitions(load("ntk_kernel"), RIGHTS, [], 300, 100)
        for m in r.markings
    ]
    assert {(seed, way) for _, seed, way in met} == {
        (seed, way) for seed in range(300) for way in ways
    }
    assert len(met) == 4 * 300
    for answer in RIGHTS:
        for way in ways:
            assert sum((name, w) == (answer.name, way) for name, _, w in met) >= 300 // 7


def test_trainings_are_shared_out():
    made = list(repetitions(load("interpolate"), RIGHTS, [], 300, 100))
    met = [(r.answer.name, *r.markings[0]) for r in made]
    assert all(len(r.markings) == 1 for r in made)
    assert sorted(seed for _, seed, _ in met) == list(range(100))
    assert {way for *_, way in met} == {Setting(1, "float32"), Setting(2, "float32")}
    assert all(sum(m[0] == a.name for m in met) >= 14 for a in RIGHTS)


def test_slow_answers_get_a_few_and_the_others_all():
    met = [
        (r.answer.name, *m)
        for r in repetitions(load("gradient_descent"), RIGHTS[1:], RIGHTS[:1], 300, 0)
        for m in r.markings
    ]
    slow = [m[1:] for m in met if m[0] == "right-0"]
    assert (
        len(slow) == 3 * len(settings(load("gradient_descent"))) and len(met) - len(slow) == 2 * 300
    )


def test_where_seeds_take_turns_each_gets_one_setting():
    met = [
        m for r in repetitions(load("test_ntk_accuracy"), RIGHTS, [], 300, 0) for m in r.markings
    ]
    assert sorted(seed for seed, _ in met) == list(range(300))
    assert {way for _, way in met} == set(settings(load("test_ntk_accuracy")))
