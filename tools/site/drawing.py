"""The moving picture's still: two panels of dots as SVG, at the end of training. It is what is
printed and what is seen without a script; site/_static/motion.js moves the dots."""

from __future__ import annotations

import json
from typing import Any

SIDE, EDGE = 220, 150  # of a panel: size, and the output (hundredths) at its border
TITLES = {"lazy": "lazy: α = 20", "rich": "rich: α = 0.05"}
ALTERNATIVE = {
    "lazy": "At the end all dots lie on the dashed diagonal: the network says what its kernel "
    "says.",
    "rich": "At the end filled dots lie above and hollow ones below, off the diagonal, "
    "whatever the kernel says.",
}


def figure(data: dict[str, Any]) -> str:
    """The figure's HTML, for what `motion.compute` returns."""
    panels = "".join(_panel(name, data) for name in TITLES)
    last = len(data["steps"]) - 1
    return f"""\
<figure class="motion">
<div class="motion-panels">{panels}</div>
<div class="motion-controls" hidden>
<button type="button">Play</button>
<input type="range" min="0" max="{last}" value="{last}" aria-label="Steps of training">
<output>{data["steps"][-1]} steps</output>
</div>
<figcaption>One network, trained twice from the same start. Each dot is a new point; to the right,
what regression with the kernel at the start says of it; upwards, what the network says. Filled dots
should come out above, hollow ones below.</figcaption>
<script type="application/json">{json.dumps(data, separators=(",", ":"))}</script>
</figure>"""


def _panel(name: str, data: dict[str, Any]) -> str:
    dots = "".join(
        f'<circle class="{"plus" if label > 0 else "minus"}" r="4" '
        f'cx="{_place(x):.1f}" cy="{SIDE - _place(y):.1f}"/>'
        for x, y, label in zip(data["kernel"], data[name][-1], data["labels"], strict=True)
    )
    half = SIDE / 2
    return (
        f'<svg class="{name}" viewBox="0 0 {SIDE} {SIDE + 22}" role="img" '
        f'aria-label="{TITLES[name]}. {ALTERNATIVE[name]}">'
        f'<text x="{half}" y="14" text-anchor="middle">{TITLES[name]}</text>'
        f'<g transform="translate(0 22)"><rect width="{SIDE}" height="{SIDE}"/>'
        f'<path class="axis" d="M0 {half}H{SIDE}M{half} 0V{SIDE}"/>'
        f'<path class="diagonal" d="M0 {SIDE}L{SIDE} 0"/>'
        f'<text class="small" x="{SIDE - 4}" y="{half - 5}" text-anchor="end">kernel</text>'
        f'<text class="small" x="{half + 5}" y="12">network</text>{dots}</g></svg>'
    )


def _place(value: float) -> float:
    return SIDE * (value + EDGE) / (2 * EDGE)
