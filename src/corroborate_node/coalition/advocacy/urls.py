"""Addresses of the campaign's work."""

from django.urls import path

from corroborate_node.coalition.advocacy import views
from corroborate_node.core.gate import page

urlpatterns = [
    path("demands", page("demand.read", views.demands), name="demands"),
    path("demands/<slug:slug>", page("demand.read", views.demand, posts=("demand.judge",)), name="demand"),
    path("actions", page("demand.read", views.initiatives), name="actions"),
    path("actions.ics", page("demand.read", views.ics), name="calendar"),
    path("actions/new", page("action.enter", views.new_initiative), name="new-action"),
    path("actions/decide", page("action.join", views.decide), name="decide-actions"),
    path("actions/<slug:identifier>/change", page("action.enter", views.change_initiative), name="change-action"),
    path("actions/<slug:identifier>", page("demand.read", views.initiative, posts=("action.enter",)), name="action"),
    path("states", page("demand.read", views.states, posts=("state.keep",)), name="states"),
    path("states/<str:code>", page("demand.read", views.state, posts=("state.keep", "contact.keep")), name="state"),
    path("letters", page("state.keep", views.letters), name="letters"),
]
