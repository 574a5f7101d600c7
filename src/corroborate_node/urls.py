"""Pages by address."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from corroborate_node.pages import verification, views

urlpatterns = [
    path("", views.today, name="today"),
    path("style.css", views.style),
    path("fonts/<slug:language>.otf", views.font),
    path("favicon.ico", views.icon),
    path("log-in", LoginView.as_view(template_name="log-in.html"), name="log-in"),
    path("log-out", LogoutView.as_view(), name="log-out"),
    path("persons", views.persons, name="persons"),
    path("persons/<slug:entity>", views.person, name="person"),
    path("acts/<slug:entity>", views.act, name="act"),
    path("sources/<slug:entity>", views.source, name="source"),
    path("log", views.log, name="log"),
    path("verify", verification.package, name="verify"),
    path("custody/<slug:record>", verification.history, name="custody"),
    path("custody/<slug:record>.svg", verification.history_picture, name="custody-picture"),
    path("members", views.members, name="members"),
    path("statements", views.statements, name="statements"),
    path("", include("corroborate_node.advocacy.urls")),
    path("estimate", views.estimate, name="estimate"),
    path("estimate/<slug:name>.svg", views.picture, name="picture"),
    path("findings", views.findings, name="findings"),
]
