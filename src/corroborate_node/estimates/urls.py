"""Estimate pages by address, below ``/estimates``. Each that shows a result has the same as JSON beside it."""

from django.urls import path

from corroborate_node.core.gate import page
from corroborate_node.estimates import views

urlpatterns = [
    path("", page("estimate.read", views.index), name="estimates"),
    path(".json", page("estimate.read", views.index_json)),
    path("/new", page("estimate.make", views.new), name="estimates-new"),
    path("/compare", page("estimate.read", views.compare), name="estimates-compare"),
    path("/compare.json", page("estimate.read", views.compare_json)),
    path("/progress.js", page("estimate.read", views.script)),
    path("/<slug:id_>", page("estimate.read", views.result), name="estimates-result"),
    path("/<slug:id_>.json", page("estimate.read", views.result_json)),
    path("/<slug:id_>/progress", page("estimate.read", views.progress)),
    path("/<slug:id_>/cancel", page("estimate.make", views.cancel), name="estimates-cancel"),
    path("/<slug:id_>/again", page("estimate.make", views.again), name="estimates-again"),
    path("/<slug:id_>/discard", page("estimate.make", views.discard), name="estimates-discard"),
    path("/<slug:id_>/restore", page("estimate.make", views.restore), name="estimates-restore"),
    path("/<slug:id_>/seal", page("estimate.seal", views.seal), name="estimates-seal"),
    path("/<slug:id_>/withdraw", page("estimate.seal", views.withdraw), name="estimates-withdraw"),
    path("/<slug:id_>/sealed.json", page("estimate.export", views.record, shows="id_", kind="export")),
    path("/<slug:id_>/sealed.tlog-proof", page("estimate.export", views.proof, shows="id_", kind="export")),
]
