"""Pages by address. Each says which permission opens it; reading a record leaves a line in the journal."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from corroborate_node.coalition.campaign import views as campaign
from corroborate_node.coalition.campaign.answering import views as answering
from corroborate_node.coalition.campaign.rounds import views as rounds
from corroborate_node.coding import views as coding
from corroborate_node.core import opened, views
from corroborate_node.core.gate import open_to_all, page
from corroborate_node.deadlines import views as deadlines
from corroborate_node.estimates import document
from corroborate_node.exchange import views as exchange
from corroborate_node.finding import places, proceeding_views, register_views
from corroborate_node.finding import views as finding
from corroborate_node.inquiry import naming_pages, stand_pages
from corroborate_node.inquiry import views as inquiry
from corroborate_node.log import views as log
from corroborate_node.people import coding as passages
from corroborate_node.people import my_words, remarks, sheet, source_code
from corroborate_node.people import person as centre
from corroborate_node.people import views as people
from corroborate_node.release import verification
from corroborate_node.release import views as release


def today(request: HttpRequest) -> HttpResponse:
    """The first page: a hub's or a vault's."""
    return campaign.today(request) if opened.current().hub else people.today(request)


handler400 = campaign.too_large
urlpatterns = [
    path("", page("today.read", today), name="today"),
    path("style.css", open_to_all(views.style)),
    path("fonts/<slug:language>.otf", open_to_all(views.font)),
    path("favicon.ico", open_to_all(views.icon)),
    path("", include("corroborate_node.core.access.urls")),
    path("search", page("record.read", finding.search), name="search"),
    path("search/saved", page("record.read", finding.searches, posts=("record.read",)), name="searches"),
    path("search/screen", page("identity.read", finding.screen), name="screen"),
    path("search/keys.js", page("record.read", finding.keys)),
    path("places", page("record.read", places.places), name="places"),
    path("registers", page("record.read", register_views.every), name="registers"),
    path("registers/<slug:name>", page("record.read", register_views.one), name="register"),
    path("proceedings", page("record.read", proceeding_views.every), name="proceedings"),
    path("proceedings.csv", page("record.read", proceeding_views.as_table), name="proceedings-table"),
    path("proceedings/<str:which>", page("record.read", proceeding_views.one), name="proceeding"),
    path("units", page("identity.read", places.units), name="units"),
    path("persons", page("identity.read", people.persons), name="persons"),
    path("persons/<slug:entity>", page("identity.read", centre.person, shows="entity"), name="person"),
    path("acts/<slug:entity>", page("record.read", people.act, shows="entity"), name="act"),
    path("words", page("word.code", coding.words), name="words"),
    path("words/changes", page("word.code", coding.changes), name="words-changes"),
    path("cases", page("record.read", people.cases_, posts=("case.keep",)), name="cases"),
    path("cases/<slug:case>", page("record.read", people.case, shows="case"), name="case"),
    path("consents", page("identity.read", release.consents), name="consents"),
    path("releases", page("release.read", release.releases, posts=("release.make",)), name="releases"),
    path("releases/<int:number>", page("release.read", release.release, shows="number"), name="release"),
    path(
        "releases/<int:number>/confirm",
        page("release.confirm", release.confirm, shows="number"),
        name="confirm-release",
    ),
    path("sources/<slug:entity>", page("record.read", people.source, shows="entity"), name="source"),
    path(
        "sources/<slug:entity>/withdraw",
        page("source.withdraw", people.withdraw, shows="entity"),
        name="withdraw-source",
    ),
    path(
        "sources/<slug:entity>/passages/<int:number>",
        page("identity.read", passages.passage, posts=("passage.code",), shows="entity"),
        name="passage",
    ),
    path("sources/<slug:entity>/sheet", page("identity.read", sheet.sheet, shows="entity"), name="sheet"),
    path(
        "sources/<slug:entity>/code",
        page("identity.read", source_code.page, posts=("source.withdraw",), shows="entity"),
        name="source-code",
    ),
    path("my-words", open_to_all(my_words.come_in), name="my-words"),
    path("my-words/told", my_words.told, name="my-words-told"),
    path("my-words/change", my_words.change, name="my-words-change"),
    path("my-words/leave", open_to_all(my_words.leave), name="my-words-leave"),
    path(
        "sources/<slug:entity>/deadlines",
        page("identity.read", deadlines.page, posts=("record.enter",), shows="entity"),
        name="source-deadlines",
    ),
    path(
        "sources/<slug:entity>/remarks",
        page("identity.read", remarks.page, posts=("record.remark",), shows="entity"),
        name="source-remarks",
    ),
    path(
        "sources/<slug:entity>/entries/<slug:entry>",
        page("record.enter", people.take_back, shows="entity"),
        name="take-back-entry",
    ),
    path("claims/<slug:claim>/correct", page("claim.correct", people.correct, shows="claim"), name="correct-claim"),
    path("claims/<slug:claim>/prefer", page("claim.prefer", people.prefer, shows="claim"), name="prefer-claim"),
    path("log", page("log.read", log.log), name="log"),
    path("verify", page("package.verify", verification.package), name="verify"),
    path("custody/<slug:record>", page("record.read", verification.history, shows="record"), name="custody"),
    path(
        "custody/<slug:record>.svg",
        page("record.read", verification.history_picture, shows="record"),
        name="custody-picture",
    ),
    path("members", page("member.read", campaign.members), name="members"),
    path("members/<str:label>", page("member.read", campaign.member), name="member"),
    path("members/<str:label>/key-request", page("member.read", campaign.key_request), name="key-request"),
    path("members-read", page("member.keep", campaign.read_members), name="members-read"),
    path("statements", page("statement.read", campaign.statements_), name="statements"),
    path("", include("corroborate_node.coalition.supporters.urls")),
    path("", include("corroborate_node.coalition.mailbox.urls")),
    path("statements/<str:name>", page("statement.read", campaign.statement), name="statement"),
    path("statements/<str:name>/compare", page("statement.read", campaign.compare), name="compare"),
    path("statements/<str:name>/final.<slug:form>", page("statement.read", campaign.final_text), name="final-text"),
    path("statements/<str:name>/round", page("statement.carry", rounds.round_), name="round"),
    path("statements/<str:name>/beside", page("statement.read", rounds.beside), name="beside"),
    path(
        "statements/<str:name>/sign-ons.csv",
        page("statement.carry", rounds.sheet_of_all, kind="export"),
        name="sign-ons",
    ),
    path("statements/<str:name>/letters-file", page("reminder.send", rounds.letters_file), name="letters-file"),
    path("statements/<str:name>/sheets/<str:label>", page("statement.read", rounds.sheet), name="paper-sheet"),
    path("statements/<str:name>/remind", page("reminder.send", campaign.remind), name="remind"),
    path("statements/<str:name>/<slug:kind>", page("statement.read", campaign.statement_file), name="statement-file"),
    path("scans/<slug:digest>", page("paper.read", campaign.scan, shows="digest", kind="export"), name="scan"),
    path("hand-in", page("note.hand_in", rounds.hand_in), name="hand-in"),
    path("hand-in/<slug:id_>", page("note.hand_in", rounds.delivery, shows="id_"), name="delivery"),
    path("stance-request", page("member.read", campaign.stance_request), name="stance-request"),
    path("signatory-request", page("member.read", campaign.signatory_request), name="signatory-request"),
    path("decisions", page("decision.read", campaign.decisions_), name="decisions"),
    path("decisions/<str:id_>", page("decision.read", campaign.decision), name="decision"),
    path("decisions/<str:id_>/<slug:kind>", page("decision.read", campaign.decision_file), name="decision-file"),
    path("sign", page("answer.sign", answering.sign), name="sign"),
    path("sign/<slug:id_>", page("answer.sign", answering.request_, shows="id_"), name="sign-one"),
    path(
        "sign/<slug:id_>/answer", page("answer.sign", answering.answer_again, shows="id_", kind="export"), name="answer"
    ),
    path("campaign.js", page("today.read", answering.script)),
    path("our-key", page("answer.sign", answering.our_key), name="our-key"),
    path("language", open_to_all(views.language), name="language"),
    path("keys", page("key.keep", log.keys, posts=("backup.keep",)), name="keys"),
    path("witnesses", page("log.read", log.witnesses), name="witnesses"),
    path("alarms", page("log.read", log.alarms, posts=("alarm.settle",)), name="alarms"),
    path("alarms/<int:number>/<slug:which>", page("log.read", log.evidence)),
    path("witness/add-checkpoint", open_to_all(log.add_checkpoint)),
    path("witness/<slug:digest>/checkpoint", open_to_all(log.watched)),
    path("", include("corroborate_node.coalition.advocacy.urls")),
    path("estimate", page("estimate.read", document.estimate), name="estimate"),
    path("estimate/<slug:name>.svg", page("estimate.read", document.picture), name="picture"),
    path("naming", page("identity.read", naming_pages.decisions, posts=("naming.decide",)), name="naming"),
    path("findings", page("finding.read", inquiry.findings), name="findings"),
    path(
        "findings/stand",
        page("finding.read", stand_pages.stand, posts=("finding.stand", "finding.hear"), kind="view"),
        name="findings-stand",
    ),
    path("findings/<str:element>", page("finding.read", inquiry.finding), name="finding"),
    path(
        "findings/<str:element>/assess",
        page("finding.assess", inquiry.assess, posts=("finding.assess",)),
        name="assess",
    ),
    path(
        "findings/<str:element>/told-of/<slug:person>",
        page("finding.read", inquiry.told_of, shows="person"),
        name="told-of",
    ),
    path(
        "sources/<slug:entity>/independence",
        page("identity.read", inquiry.independence, posts=("source.tie",), shows="entity"),
        name="independence",
    ),
    path("estimates", include("corroborate_node.estimates.urls")),
    path("files", include("corroborate_node.files.urls")),
    path("", include("corroborate_node.grants.urls")),
    path("imports", include("corroborate_node.importing.urls")),
    path("received", page("bundle.receive", exchange.received), name="received"),
    path(
        "received/<slug:bundle>",
        page("bundle.receive", exchange.one, posts=("record.receive",), shows="bundle"),
        name="received-one",
    ),
    path("record", include("corroborate_node.recording.urls")),
    path("review", include("corroborate_node.review.urls")),
    path("api/1/", include("corroborate_node.http_api.urls")),
]
