"""Pages by address."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from corroborate_node.coalition.campaign import views as campaign
from corroborate_node.core import opened, views
from corroborate_node.estimates import document
from corroborate_node.inquiry import views as inquiry
from corroborate_node.log import views as log
from corroborate_node.people import views as people
from corroborate_node.release import verification
from corroborate_node.release import views as release


def today(request: HttpRequest) -> HttpResponse:
    """The first page: a hub's or a vault's."""
    return campaign.today(request) if opened.current().hub else people.today(request)


handler400 = campaign.too_large
urlpatterns = [
    path("", today, name="today"),
    path("style.css", views.style),
    path("fonts/<slug:language>.otf", views.font),
    path("favicon.ico", views.icon),
    path("log-in", LoginView.as_view(template_name="log-in.html"), name="log-in"),
    path("log-out", LogoutView.as_view(), name="log-out"),
    path("persons", people.persons, name="persons"),
    path("persons/<slug:entity>", people.person, name="person"),
    path("acts/<slug:entity>", people.act, name="act"),
    path("consents", release.consents, name="consents"),
    path("sources/<slug:entity>", people.source, name="source"),
    path("log", log.log, name="log"),
    path("verify", verification.package, name="verify"),
    path("custody/<slug:record>", verification.history, name="custody"),
    path("custody/<slug:record>.svg", verification.history_picture, name="custody-picture"),
    path("members", campaign.members, name="members"),
    path("members/<str:label>", campaign.member, name="member"),
    path("members-read", campaign.read_members, name="members-read"),
    path("statements", campaign.statements_, name="statements"),
    path("statements/<str:name>", campaign.statement, name="statement"),
    path("statements/<str:name>/compare", campaign.compare, name="compare"),
    path("statements/<str:name>/final.<slug:form>", campaign.final_text, name="final-text"),
    path("statements/<str:name>/remind", campaign.remind, name="remind"),
    path("statements/<str:name>/<slug:kind>", campaign.statement_file, name="statement-file"),
    path("scans/<slug:digest>", campaign.scan, name="scan"),
    path("hand-in", campaign.hand_in, name="hand-in"),
    path("stance-request", campaign.stance_request, name="stance-request"),
    path("signatory-request", campaign.signatory_request, name="signatory-request"),
    path("decisions", campaign.decisions_, name="decisions"),
    path("decisions/<str:id_>", campaign.decision, name="decision"),
    path("decisions/<str:id_>/<slug:kind>", campaign.decision_file, name="decision-file"),
    path("accounts", campaign.accounts, name="accounts"),
    path("sign", campaign.sign, name="sign"),
    path("language", campaign.language, name="language"),
    path("witnesses", log.witnesses, name="witnesses"),
    path("alarms", log.alarms, name="alarms"),
    path("alarms/<int:number>/<slug:which>", log.evidence),
    path("witness/add-checkpoint", log.add_checkpoint),
    path("witness/<slug:digest>/checkpoint", log.watched),
    path("", include("corroborate_node.coalition.advocacy.urls")),
    path("estimate", document.estimate, name="estimate"),
    path("estimate/<slug:name>.svg", document.picture, name="picture"),
    path("findings", inquiry.findings, name="findings"),
    path("estimates", include("corroborate_node.estimates.urls")),
    path("review", include("corroborate_node.review.urls")),
]
