"""Pages of imports, below ``/imports``."""

from django.urls import path

from corroborate_node.core.gate import page
from corroborate_node.importing import views

urlpatterns = [
    path("", page("record.receive", views.index), name="imports"),
    path("/imports.js", page("record.receive", views.script)),
    path("/taken", page("record.receive", views.taken), name="imports-taken"),
    path("/taken/<int:number>", page("record.receive", views.one_import), name="imports-import"),
    path("/taken/<int:number>/undo", page("source.withdraw", views.undo), name="imports-undo"),
    path("/<slug:id_>", page("record.receive", views.upload, shows="id_"), name="imports-one"),
    path("/<slug:id_>/columns", page("record.receive", views.columns, shows="id_"), name="imports-columns"),
    path("/<slug:id_>/check", page("record.receive", views.check, shows="id_"), name="imports-check"),
    path("/<slug:id_>/progress", page("record.receive", views.progress)),
    path("/<slug:id_>/cancel", page("record.receive", views.cancel), name="imports-cancel"),
    path("/<slug:id_>/discard", page("record.receive", views.discard), name="imports-discard"),
]
