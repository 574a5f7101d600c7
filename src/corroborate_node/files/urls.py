"""Pages of sealed files, below ``/files``. Parts of a file are given to whoever opened its page, which was written
down."""

from django.urls import path

from corroborate_node.core.gate import page
from corroborate_node.files import parts, transcript, views

urlpatterns = [
    path("/viewer.js", page("identity.read", views.script)),
    path("/<slug:id_>", page("identity.read", views.file, shows="id_"), name="file"),
    path("/<slug:id_>/copy", page("file.derive", views.copy, shows="id_"), name="file-copy"),
    path("/<slug:id_>/transcript", page("file.derive", transcript.transcript, shows="id_"), name="file-transcript"),
    path("/<slug:id_>/page/<int:number>.png", page("identity.read", parts.picture)),
    path("/<slug:id_>/stream", page("identity.read", parts.stream)),
    path("/<slug:id_>/original", page("file.take", parts.original, shows="id_", kind="export"), name="file-original"),
]
