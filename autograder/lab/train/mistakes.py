"""Mistakes in plain SGD on the mean square error against labels / 9."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...checks.mistakes import Call, Catalogue, Mistake, Values
from . import sgd
from .sgd import Variant


def mistake(slug: str, line: str, hint: str, **changed: Any) -> Mistake:
    return Mistake(slug, line, hint, Variant(**changed).run)


def still(call: Call) -> Values:
    """No step is ever taken."""
    return Variant(moves=()).run(call)


PILE = (
    "Each step uses the sum of all gradients so far: PyTorch adds to the old ones until they "
    "are reset."
)
FACTOR = "The targets are scaled labels, but not by the factor that is asked for."
OPTIMISER = "The optimiser is another one, or has options: plain SGD is asked for."
FIXED = "The argument lr is not used: the steps have the same length whatever it is."
MISTAKES = (
    mistake(
        "broadcast",
        "outputs (B, 1) against targets (B,): all pairs are compared",
        "Outputs (B, 1) were compared with targets (B,), each with each: give both the same shape.",
        loss=sgd.all_pairs,
    ),
    mistake(
        "labels-not-scaled",
        "the labels themselves are the targets",
        "The labels themselves were used as targets: are they scaled?",
        targets=lambda y: y,
    ),
    *(
        mistake(
            "other-scale",
            f"labels divided by {by}, not by 9",
            FACTOR,
            targets=lambda y, by=by: y / by,
        )
        for by in (10, 3, 8, 5, 2, 4, 255)
    ),
    mistake(
        "zero-one-targets",
        "targets 0 and 1 (or -1 and 1) instead of labels / 9",
        "The targets look like 0 and 1: the exercise scales labels.",
        targets=lambda y: (y - 1) / 2,
    ),
    mistake(
        "zero-one-targets",
        "targets 0 and 1 (or -1 and 1) instead of labels / 9",
        "The targets look like -1 and 1: the exercise scales labels.",
        targets=lambda y: y - 2,
    ),
    mistake(
        "half-loss",
        "the loss carries a factor one half",
        "The loss is half of the mean square error.",
        loss=sgd.scaled(0.5),
    ),
    mistake(
        "sum-loss",
        "a sum over the batch instead of the mean",
        "The loss is a sum over the batch; the mean is asked for.",
        loss=sgd.scaled(lambda size: size),
    ),
    mistake(
        "divided-twice",
        "the mean is divided by the batch's size once more",
        "The loss is divided by the number of images twice: a mean is one already.",
        loss=sgd.scaled(lambda size: 1 / size),
    ),
    mistake(
        "absolute-loss",
        "mean absolute error",
        "The loss is a mean absolute error; the square loss is asked for.",
        loss=sgd.absolute,
    ),
    mistake(
        "huber-loss",
        "smooth L1 (Huber) loss",
        "Large errors count less than their squares: which loss is asked for?",
        loss=sgd.huber,
    ),
    mistake(
        "root-loss",
        "the root of the mean square error",
        "This is the root of the mean square error; the mean square itself is asked for.",
        loss=sgd.root,
    ),
    mistake("momentum", "momentum", OPTIMISER, rule=sgd.momentum),
    mistake("momentum", "momentum", OPTIMISER, rule=sgd.nesterov),
    mistake("adam", "Adam instead of SGD", OPTIMISER, rule=sgd.adam),
    mistake("adam", "Adam instead of SGD", OPTIMISER, rule=sgd.adamw),
    mistake("rmsprop", "RMSprop instead of SGD", OPTIMISER, rule=sgd.rmsprop),
    *(
        mistake("weight-decay", "weight decay", OPTIMISER, rule=sgd.decaying(by))
        for by in (0.1, 0.01, 5e-3, 1e-3, 5e-4, 1e-4)
    ),
    mistake("gradients-pile-up", "the gradients are never reset", PILE, rule=sgd.piling),
    mistake(
        "reset-once-a-pass",
        "the gradients are reset once a pass",
        "Within a pass each step uses the sum of the gradients so far: they are reset too rarely.",
        rule=sgd.piling,
        forgets=True,
    ),
    mistake(
        "uphill",
        "the step goes uphill",
        "The step climbs the loss instead of descending: look at its sign.",
        rule=lambda w, g, state, lr: w + lr * g,
    ),
    mistake(
        "two-steps",
        "the step is taken twice",
        "Two steps are taken for each batch, with the same gradient.",
        rule=lambda w, g, state, lr: w - 2 * lr * g,
    ),
    *(
        mistake("lr-ignored", "lr is not used", FIXED, rule=sgd.fixed(rate))
        for rate in (0.01, 0.001, 0.1, 1.0)
    ),
    Mistake(
        "no-step",
        "no step is taken, or the gradients are reset before it",
        "The weights stay as they were: is there a step, are there gradients when it is taken, and "
        "is it this network that takes it?",
        still,
    ),
    Mistake(
        "cross-entropy",
        "cross entropy over a single output, which is always 0",
        "The loss is zero and so are its gradients: a cross entropy needs an output for each "
        "class.",
        Variant(moves=(), loss=lambda out, target: (0.0, 0 * out)).run,
    ),
    mistake(
        "last-layer-only",
        "only the last layer is trained",
        "The first layer does not move: all of the network's parameters are to be trained.",
        moves=(2, 3),
    ),
    mistake(
        "biases-left-out",
        "only the weights are trained, not the biases",
        "The biases do not move: all of the network's parameters are to be trained.",
        moves=(0, 2),
    ),
    mistake(
        "loss-after-step",
        "the loss is taken after the step",
        "The loss was recorded after the step; record the one before it.",
        after=True,
    ),
    mistake(
        "one-pass",
        "one pass only: N_passes is not used, or the return stands in the loop",
        "Training ended after one pass: does the outer loop run N_passes times?",
        passes=lambda n: 1,
    ),
    mistake(
        "one-pass-too-many",
        "one pass too many",
        "Training went on for one pass too many.",
        passes=lambda n: n + 1,
    ),
    mistake(
        "one-loss-a-pass",
        "one loss a pass (the last batch's)",
        "One loss for each pass came back; one for each step is asked for.",
        record=lambda passes: [one[-1] for one in passes],
    ),
    mistake(
        "one-loss-a-pass",
        "one loss a pass (the mean)",
        "One loss for each pass came back; one for each step is asked for.",
        record=lambda passes: [np.mean(one) for one in passes],
    ),
    mistake(
        "one-loss-a-pass",
        "one loss a pass (the sum)",
        "One loss for each pass came back; one for each step is asked for.",
        record=lambda passes: [np.sum(one) for one in passes],
    ),
    mistake(
        "last-pass-only",
        "only the losses of the last pass come back",
        "Only the last pass's losses came back: where is the list made?",
        record=lambda passes: passes[-1],
    ),
    mistake(
        "last-loss-only",
        "only the last loss comes back",
        "Only the last loss came back; a list with all of them is asked for.",
        record=lambda passes: passes[-1][-1],
    ),
    mistake(
        "lists-in-a-list",
        "a list of lists, one a pass",
        "A list of lists came back, one for each pass: one flat list is asked for.",
        record=lambda passes: passes,
    ),
    mistake(
        "running-sum",
        "the losses are added up",
        "Each loss is added to the ones before it: look at what is appended.",
        record=lambda passes: np.cumsum(np.concatenate(passes)),
    ),
    mistake(
        "running-mean",
        "the mean of all losses so far",
        "Each entry is a mean over all steps so far: the step's own loss is asked for.",
        record=lambda passes: (
            np.cumsum(all_ := np.concatenate(passes)) / np.arange(1, len(all_) + 1)
        ),
    ),
    mistake(
        "one-tensor",
        "one tensor, changed in place, stands in the list many times",
        "All losses are the same number: the list holds one tensor many times, and each step "
        "changes it.",
        record=lambda passes: np.full(sum(map(len, passes)), passes[-1][-1]),
    ),
    mistake(
        "last-batch-dropped",
        "the last, smaller batch is left out",
        "The last batch of a pass, which is smaller, is left out.",
        batches=lambda batches: batches[:-1],
    ),
    mistake(
        "full-batch",
        "all batches put together: one step a pass",
        "The batches are put together: each of them should take a step of its own.",
        batches=lambda batches: [tuple(map(np.concatenate, zip(*batches, strict=True)))],
    ),
    mistake(
        "first-batch-only",
        "one batch a pass: the loader is not gone through",
        "Each pass takes one step only: go through the whole loader.",
        batches=lambda batches: batches[:1],
    ),
)

# Targets that were divided in single precision are 1e-8 off.
CATALOGUE = Catalogue(MISTAKES, Variant().run, tolerance=1e-6)
