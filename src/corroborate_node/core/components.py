"""What pages are made of: a page says what it is, the component says how it looks and how it is read aloud.

    {% table words.people words.name words.born kind="stack" %}<tr>…</tr>{% endtable %}
    {% facts %}{% fact words.born %}1960{% endfact %}{% endfacts %}
    {% form steering label=words.keep act="steering" %}{% endform %}      {% field form.name %}
    {% press words.undo action="/review/undo" kind="plain" queue="second" %}
    {% pager page words.people more="&q=…" %}   {% nothing_yet words.nothing action="/new" label=words.begin %}
    {% said error %}   {% said error.remedy %}
    {% badge "yes" words.signed %}   {% consent_badge allowed %}   {% doubt_bar least low median high … %}

Tables, forms and their fields stand in no other template; a test reads them all.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django import forms, template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from corroborate.errors import CorroborateError
from corroborate.translation import Sentence, in_language, known, of_json
from corroborate_node.core.filters import tongue
from corroborate_node.core.wording import readers_language

register = template.Library()
Shape = Literal["yes", "part", "no", "doubt", "wrong"]
SHAPES: dict[Shape, str] = {"yes": "●", "part": "◐", "no": "○", "doubt": "△", "wrong": "✕"}
WIDTH, MARGIN = 320, 8  # units of the doubt bar's picture


@register.simple_tag
def said(text: CorroborateError | str | dict[str, Any] | None) -> SafeString | str:
    """An error, or a sentence of the library, as it is or as it was kept, in the reader's language; marked as English
    where that has no words."""
    if not text:
        return ""
    sentence = text.sentence if isinstance(text, CorroborateError) else of_json(text)
    language = readers_language()
    spoken = language if known(sentence, language) else "en"
    if spoken == language:
        return format_html('<span lang="{}">{}</span>', spoken, in_language(sentence, spoken))
    return format_html('<span lang="en" dir="ltr">{}</span>', sentence)


@register.simple_tag
def said_or_quoted(text: str) -> SafeString | str:
    """A sentence of ours in the reader's language; what somebody else wrote as it is, in the language it is in."""
    if not text or known(text, readers_language()):
        return said(text)
    return format_html('<span lang="{}">{}</span>', tongue(text), text)


@register.simple_tag
def say(text: str, one: str = "", **values: Any) -> SafeString | str:
    """A sentence that stands in a template, in the reader's language. ``values``: for its places; ``one``: its form
    for 1, where it counts. In an attribute or a title, the filter ``in_words`` says one without places."""
    return said(Sentence((one, text) if one else text, **values) if values else text)


def _worded(text: Any) -> Any:
    """A heading or a button's word: as it is where the page said it in its reader's language already."""
    return in_language(text, readers_language()) if isinstance(text, str) else text


@dataclass(frozen=True, slots=True)
class Sortable:
    """A heading that orders its table by itself when it is followed."""

    text: str
    address: str
    order: Literal["ascending", "descending", "none"] = "none"


def _drawn(context: Context, component: str, **values: Any) -> SafeString:
    page = context.template
    if page is None:
        raise RuntimeError(f"{component} is drawn outside of a page")
    with context.push(**values):
        return page.engine.get_template(f"components/{component}.html").render(context)


@register.simple_block_tag(takes_context=True)
def table(
    context: Context, content: str, label: str, *headings: Any, kind: str = "", scroll: bool = True
) -> SafeString:
    """Rows under headings. An empty heading heads a column of buttons. ``kind``: ``stack`` makes a row a block on a
    phone, each cell with its ``data-heading``; ``numbers`` keeps numbers on one line; ``lines`` is for a few words."""
    return _drawn(
        context, "table", content=content, label=_worded(label), headings=[*map(_worded, headings)], kind=kind,
        scroll=scroll,
    )  # fmt: skip


@register.simple_block_tag(takes_context=True)
def facts(context: Context, content: str, long: bool = False) -> SafeString:
    """A list of what is known, each under its heading. ``long``: one below the other."""
    return _drawn(context, "facts", content=content, long=long)


@register.simple_block_tag(takes_context=True)
def fact(context: Context, content: str, heading: str, language: str = "", conflict: str = "") -> SafeString:
    """One of them. ``conflict``: what to say beside the heading where sources differ."""
    return _drawn(context, "fact", content=content, heading=_worded(heading), language=language, conflict=conflict)


@register.simple_block_tag(takes_context=True)
def form(
    context: Context, content: str, form: forms.Form | None = None, *, label: str = "", act: str = "", action: str = "",
    method: str = "post", kind: str = "card", labelled: str = "", quiet: bool = False, name: str = "act", id: str = "",
) -> SafeString:  # fmt: skip
    """A form: what went wrong at its top, its fields, what stands between the tags, and its button. ``act``: what the
    button says to the page, under ``name``. Without ``label`` the buttons stand between the tags. ``id``: by which
    buttons elsewhere on the page send it along (``carrier``, in the page's context)."""
    return _drawn(
        context, "form", content=content, form=form, label=_worded(label), act=act, action=action, method=method,
        kind=kind, labelled=labelled, quiet=quiet, name=name, id=id,
    )  # fmt: skip


@register.filter
def optional(field: forms.Field) -> bool:
    """Whether a field may be left as it is, and nothing stands in it from the beginning."""
    chosen = isinstance(field, forms.ChoiceField) or field.initial not in (None, "")
    return not (field.required or chosen or getattr(field, "needed", False))


@register.simple_tag(takes_context=True)
def field(context: Context, field: forms.BoundField) -> SafeString:
    """A field with its label, its help and what is wrong with it."""
    return _drawn(context, "field", field=field)


@register.simple_tag(takes_context=True)
def press(
    context: Context, label: str, *, action: str = "", act: str = "", kind: str = "", about: str = "", key: str = "",
    name: str = "act", **hidden: Any,
) -> SafeString:  # fmt: skip
    """One button that does one thing. ``about``: what it does it to, for whoever hears the page. ``kind``: ``quiet``
    is outlined, ``plain`` looks like a link."""
    handed = [(name_, value) for name_, value in hidden.items() if value not in ("", None, False)]
    return _drawn(
        context,
        "press",
        label=_worded(label),
        action=action,
        act=act,
        kind=kind,
        about=about,
        key=key,
        name=name,
        handed=handed,
    )


@register.simple_tag(takes_context=True)
def pager(
    context: Context, page: Any, label: str, *, more: str = "", keys: bool = False, name: str = "page", anchor: str = ""
) -> SafeString:
    """Pages of a list; nothing where there is one only. ``more``: what else the address asks, such as ``&q=…``.
    ``keys``: j and k turn pages."""
    return _drawn(context, "pager", page=page, label=_worded(label), more=more, keys=keys, name=name, anchor=anchor)


@register.simple_tag(takes_context=True)
def nothing_yet(context: Context, text: str, *, action: str = "", label: str = "", command: str = "") -> SafeString:
    """Nothing is here yet, and what to do first."""
    return _drawn(context, "empty", text=_worded(text), action=action, label=_worded(label), command=command)


@register.simple_tag(takes_context=True)
def badge(context: Context, shape: Shape, text: str) -> SafeString:
    """A word with a shape: never colour alone."""
    return _drawn(context, "badge", shape=shape, sign=SHAPES[shape], text=_worded(text))


@register.simple_tag(takes_context=True)
def consent_badge(context: Context, allowed: bool) -> SafeString:
    """Whether a source allows something."""
    frame = context["frame"]
    return badge(context, "yes" if allowed else "no", frame["yes"] if allowed else frame["no"])


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where the parts of an estimate stand in its picture, in units from the left."""

    least: float
    low: float
    median: float
    high: float
    from_: float
    to: float

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def band(self) -> float:
        return self.to - self.from_


def doubt(least: float, low: float, median: float, high: float, band_low: float, band_high: float) -> Doubt:
    """People as places on a line that begins at nobody and ends at the largest of the numbers."""
    numbers = (least, low, median, high, band_low, band_high)
    largest = max(*numbers, 1)
    return Doubt(*(round(MARGIN + (WIDTH - 2 * MARGIN) * max(one, 0) / largest, 1) for one in numbers))


@register.simple_tag(takes_context=True)
def doubt_bar(context: Context, label: str, **numbers: float) -> SafeString:
    """An estimate with its doubt: at least, the interval, and what if the lists share a blind spot. The numbers stand
    beside it in words; ``label`` says them to whoever does not see it."""
    return _drawn(context, "doubt-bar", at=doubt(**numbers), label=label, width=WIDTH)
