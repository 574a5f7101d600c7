"""What every page has beside itself: the style sheet, fonts, no icon, and the choice of the reader's language."""

from functools import cache
from importlib import resources

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from corroborate.figures.fonts import FONTS, folder
from corroborate_node.core.forms import LanguageForm
from corroborate_node.core.wording import COOKIE


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


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The reader's language, kept in a cookie that says nothing else."""
    form = LanguageForm(request.POST)
    known = form.is_valid()
    back = form.cleaned_data.get("back", "")
    inside = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if inside else "/")
    if known:
        code = form.cleaned_data["language"]
        response.set_cookie(COOKIE, code, max_age=365 * 86400, samesite="Strict", httponly=True)
    return response
