"""Review pages by address, below ``/review``."""

from django.urls import path

from corroborate_node.core.gate import page
from corroborate_node.review import held_views, views

urlpatterns = [
    path("", page("pair.read", views.queue), name="review"),
    path("/keys.js", page("pair.read", views.keys)),
    path("/history", page("pair.read", views.history), name="review-history"),
    path("/undo", page("pair.judge", views.undo)),
    path("/take-back/<slug:judgement>", page("pair.judge", views.take_back), name="review-take-back"),
    path("/split/<slug:person>", page("pair.judge", views.split), name="review-split"),
    path("/held", page("pair.read", held_views.queue), name="review-held"),
    path("/held/undo", page("pair.judge", held_views.undo)),
    path("/held/take-back/<slug:judgement>", page("pair.judge", held_views.take_back), name="review-held-take-back"),
    path("/held/<int:number>", page("pair.read", held_views.pair), name="review-held-pair"),
    path("/held/<int:number>/judge", page("pair.judge", held_views.judge), name="review-held-judge"),
    path("/part/<slug:person>", page("pair.read", views.part, posts=("pair.judge",)), name="review-part"),
    path("/<int:number>", page("pair.read", views.pair), name="review-pair"),
    path("/<int:number>/judge", page("pair.judge", views.judge), name="review-judge"),
]
