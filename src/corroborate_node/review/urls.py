"""Review pages by address, below ``/review``."""

from django.urls import path

from corroborate_node.review import views

urlpatterns = [
    path("", views.queue, name="review"),
    path("/keys.js", views.keys),
    path("/history", views.history, name="review-history"),
    path("/undo", views.undo),
    path("/take-back/<slug:judgement>", views.take_back),
    path("/split/<slug:person>", views.split),
    path("/<int:number>", views.pair, name="review-pair"),
    path("/<int:number>/judge", views.judge),
]
