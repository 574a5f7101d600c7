"""Pages of recording, below ``/record``."""

from django.urls import path

from corroborate_node.core.gate import page
from corroborate_node.recording import views

urlpatterns = [
    path("", page("record.enter", views.index), name="record"),
    path("/recording.js", page("record.enter", views.script)),
    path("/people.json", page("record.enter", views.people)),
    path("/<slug:id_>", page("record.enter", views.entry, shows="id_"), name="record-entry"),
]
