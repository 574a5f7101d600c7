"""Pages of recording, below ``/record``."""

from django.urls import path

from corroborate_node.core.gate import page
from corroborate_node.recording import double_views, review_views, views

urlpatterns = [
    path("", page("record.enter", views.index), name="record"),
    path("/recording.js", page("record.enter", views.script), {"name": "recording"}),
    path("/microphone.js", page("record.enter", views.script), {"name": "microphone"}),
    path("/people.json", page("record.enter", views.people)),
    path("/reviews", page("draft.review", review_views.waiting), name="reviews"),
    path("/reviews/<slug:id_>", page("draft.review", review_views.draft, shows="id_"), name="review-draft"),
    path("/double", page("identity.read", double_views.doubles, posts=("coding.assign",)), name="doubles"),
    path("/double/<slug:id_>", page("identity.read", double_views.double, shows="id_"), name="double"),
    path("/<slug:id_>", page("record.enter", views.entry, shows="id_"), name="record-entry"),
]
