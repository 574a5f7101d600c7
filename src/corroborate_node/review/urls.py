"""Review pages by address, below ``/review``."""

from django.urls import path

from corroborate_node.core.gate import page
from corroborate_node.review import views

urlpatterns = [
    path("", page("pair.read", views.queue), name="review"),
    path("/keys.js", page("pair.read", views.keys)),
    path("/history", page("pair.read", views.history), name="review-history"),
    path("/undo", page("pair.judge", views.undo)),
    path("/take-back/<slug:judgement>", page("pair.judge", views.take_back), name="review-take-back"),
    path("/split/<slug:person>", page("pair.judge", views.split), name="review-split"),
    path("/<int:number>", page("pair.read", views.pair), name="review-pair"),
    path("/<int:number>/judge", page("pair.judge", views.judge), name="review-judge"),
]
