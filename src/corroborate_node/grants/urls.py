"""Addresses of grants: those of members below ``/grants``, those of readers below ``/access``."""

from django.urls import path

from corroborate_node.core.gate import open_to_all, page
from corroborate_node.grants import pages, views

_DOES = ("grant.revoke", "grant.answer")
urlpatterns = [
    path("grants", page("grant.read", views.grants), name="grants"),
    path("grants/new", page("grant.make", views.new), name="grant-new"),
    path("grants/<int:number>", page("grant.read", views.grant, posts=_DOES), name="grant"),
    path("grants/<int:number>/link", page("grant.make", views.link), name="grant-link"),
    path("grants/<int:number>/confirm", page("grant.confirm", views.confirm), name="grant-confirm"),
    path("access", pages.overview, name="access"),
    path("access/open/<str:secret>", open_to_all(pages.open_), name="access-open"),
    path("access/people", pages.people, name="access-people"),
    path("access/records", pages.records, name="access-records"),
    path("access/registers/<slug:name>", pages.register, name="access-register"),
    path("access/findings", pages.findings, name="access-findings"),
    path("access/files/<slug:number>", pages.file, name="access-file"),
    path("access/files/<slug:number>/<int:page>.png", pages.picture, name="access-picture"),
    path("access/questions", pages.questions, name="access-questions"),
    path("access/take", pages.take, name="access-take"),
    path("access/mark.svg", pages.mark, name="access-mark"),
    path("access/leave", pages.leave, name="access-leave"),
]
