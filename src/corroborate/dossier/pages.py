"""The dossier as one page of HTML: what typst makes of the template, with a title, a look and no way to the network."""

import re
from importlib import resources

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(made: str) -> str:
    """The page as it is written: the title is a heading, on a phone tables scroll or are blocks, nothing is loaded."""
    style = resources.files(__package__).joinpath("dossier.css").read_text(encoding="utf-8")
    head = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><style>{style}</style></head>'
    made = made.replace("</head>", head, 1)
    before, first, rest = made.partition("<body><p>")
    title, _, after = rest.partition("</p>")
    if first:
        made = f"{before}<body><main><h1>{title}</h1>{after.replace('</body>', '</main></body>', 1)}"
    return _TABLE.sub(_table, made)


_TABLE = re.compile("<table>(.*?)</table>", re.DOTALL)
_PLAIN = re.compile("<[^>]+>")
_FEW = 3  # columns that a phone shows side by side


def _table(found: re.Match[str]) -> str:
    """A table of many columns says in each cell under which heading it stands: on a phone a row is a block."""
    head, end, body = found[1].partition("</thead>")
    headings = [_PLAIN.sub("", one).replace('"', "&quot;") for one in re.findall("<th>(.*?)</th>", head, re.DOTALL)]
    if len(headings) <= _FEW or "colspan" in body or "rowspan" in body:
        return f'<div class="table" tabindex="0"><table>{found[1]}</table></div>'
    rows = []
    for row in body.split("<tr>"):
        cells = row.split("<td>")
        named = [f'<td data-heading="{name}">{cell}' for name, cell in zip(headings, cells[1:], strict=False)]
        rows.append("".join((cells[0], *named, *(f"<td>{cell}" for cell in cells[1 + len(headings) :]))))
    return f'<div class="table stack" tabindex="0"><table>{head}{end}{"<tr>".join(rows)}</table></div>'
