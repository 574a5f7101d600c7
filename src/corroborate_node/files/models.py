"""Which sealed file is a copy of which, and what was done to make it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from corroborate_node.core.veils import Veil
from corroborate_node.records.models import FileOf, KeptFile, filed

_OF: dict[str, Any] = {"on_delete": models.PROTECT}


class Derived(models.Model):
    """That a kept file was made from another one, which it leaves as it is. Erased with either: a copy tells what its
    original told."""

    reading = "identity.read"
    within = staticmethod(
        lambda cases: Q(file_id__in=FileOf.objects.filter(source_id__in=filed(cases)).values("file_id"))
    )
    veil = Veil({"file_id": ("how",)}, blind=("by",))

    file = models.OneToOneField(KeptFile, primary_key=True, related_name="derived", **_OF)
    original = models.ForeignKey(KeptFile, related_name="copies", **_OF)
    kind = models.CharField(max_length=12)  # redacted, stripped, transcribed, translated
    how = models.JSONField(default=dict)  # what was taken out, by which program
    by = models.TextField()
    at = models.DateTimeField()


class Typed(models.Model):
    """A transcript that an account is typing, until it is sealed; in the encrypted database and nowhere else. It goes
    with its file."""

    reading = "file.derive"
    within = staticmethod(
        lambda cases: Q(file_id__in=FileOf.objects.filter(source_id__in=filed(cases)).values("file_id"))
    )
    veil = Veil({"file_id": ("text",)})

    file = models.ForeignKey(KeptFile, related_name="+", **_OF)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", **_OF)
    text = models.TextField(blank=True, default="")
    changed = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["file", "user"], name="files_typed_once"),)
