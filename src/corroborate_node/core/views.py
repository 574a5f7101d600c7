"""What every page loads beside itself: the style sheet, fonts, and no icon."""

from functools import cache
from importlib import resources

from django.http import Http404, HttpRequest, HttpResponse

from corroborate.figures.fonts import FONTS, folder


@cache
def _file(name: str) -> bytes:
    return resources.files("corroborate_node.core").joinpath("static", name).read_bytes()


def style(_request: HttpRequest) -> HttpResponse:
    """The one style sheet. It says nothing of anybody, so it may be kept."""
    return HttpResponse(_file("style.css"), content_type="text/css", headers={"Cache-Control": "max-age=3600"})


def font(_request: HttpRequest, language: str) -> HttpResponse:
    """The fonts that the style sheet names, the same that set the dossier."""
    if language not in FONTS:
        raise Http404
    content = (folder() / FONTS[language]).read_bytes()
    return HttpResponse(content, content_type="font/otf", headers={"Cache-Control": "max-age=31536000"})


def icon(_request: HttpRequest) -> HttpResponse:
    """None: a browser's tab should not say what is open in it."""
    return HttpResponse(status=204)
