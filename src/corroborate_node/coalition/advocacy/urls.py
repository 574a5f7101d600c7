"""Addresses of the campaign's work."""

from django.urls import path

from corroborate_node.coalition.advocacy import views

urlpatterns = [
    path("demands", views.demands, name="demands"),
    path("demands/<slug:slug>", views.demand, name="demand"),
    path("actions", views.initiatives, name="actions"),
    path("actions.ics", views.ics, name="calendar"),
    path("actions/new", views.new_initiative, name="new-action"),
    path("actions/decide", views.decide, name="decide-actions"),
    path("actions/<slug:identifier>/change", views.change_initiative, name="change-action"),
    path("actions/<slug:identifier>", views.initiative, name="action"),
    path("states", views.states, name="states"),
    path("states/<str:code>", views.state, name="state"),
    path("letters", views.letters, name="letters"),
]
