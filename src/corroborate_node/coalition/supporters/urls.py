"""Addresses of supporters: two open to everybody, two for the secretariat."""

from django.urls import path

from corroborate_node.coalition.supporters import views
from corroborate_node.core.gate import open_to_all, page

urlpatterns = [
    path("support/<str:name>", open_to_all(views.support), name="support"),
    path("support/<str:name>/<slug:code>", open_to_all(views.supporter), name="supporter"),
    path("statements/<str:name>/supporters", page("support.keep", views.supporters, shows="name"), name="supporters"),
    path(
        "statements/<str:name>/supporters/<int:number>",
        page("support.keep", views.sheet, shows="name"),
        name="supporters-sheet",
    ),
]
