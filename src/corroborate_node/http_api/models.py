"""Which requests of programs were done, so that one that is sent again is not done again."""

from django.db import models

from corroborate_node.core.veils import Veil


class RequestDone(models.Model):
    """A request under a key of the program's own. Digests alone: what was asked and answered stands in no row.

    ``done``: it was, whole; before that it is under way, or was when the program ended.
    """

    veil = Veil()

    key = models.CharField(max_length=64, unique=True)
    asked = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    done = models.BooleanField(default=False)
