"""Addresses of the mailbox."""

from django.urls import path

from corroborate_node.coalition.mailbox import views
from corroborate_node.core.gate import page

urlpatterns = [
    path("mailbox", page("mailbox.read", views.mailbox, posts=("mailbox.use",)), name="mailbox"),
    path("mailbox/<slug:id_>", page("mailbox.use", views.bundle, shows="id_", kind="export"), name="mailbox-bundle"),
]
