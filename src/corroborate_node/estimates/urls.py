"""Estimate pages by address, below ``/estimates``. Each that shows a result has the same as JSON beside it."""

from django.urls import path

from corroborate_node.estimates import views

urlpatterns = [
    path("", views.index, name="estimates"),
    path(".json", views.index_json),
    path("/new", views.new, name="estimates-new"),
    path("/compare", views.compare, name="estimates-compare"),
    path("/compare.json", views.compare_json),
    path("/progress.js", views.script),
    path("/<slug:id_>", views.result, name="estimates-result"),
    path("/<slug:id_>.json", views.result_json),
    path("/<slug:id_>/progress", views.progress),
    path("/<slug:id_>/cancel", views.cancel),
    path("/<slug:id_>/again", views.again),
    path("/<slug:id_>/discard", views.discard),
    path("/<slug:id_>/restore", views.restore),
    path("/<slug:id_>/seal", views.seal),
    path("/<slug:id_>/withdraw", views.withdraw),
    path("/<slug:id_>/sealed.json", views.record),
    path("/<slug:id_>/sealed.tlog-proof", views.proof),
]
