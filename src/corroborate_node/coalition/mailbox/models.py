"""What a hub keeps of bundles that lie in its mailbox. Their content lies beside the database, as it came: encrypted
for its receiver, and never opened here."""

from django.db import models

from corroborate_node.core.queries import anywhere
from corroborate_node.core.veils import Veil


class Posted(models.Model):
    """One bundle from a member to a member. ``came``: since when it is here whole; ``taken``: when its receiver said
    that it has it, and it was erased here."""

    reading = "mailbox.read"
    within = staticmethod(anywhere)
    veil = Veil(blind=("by",))

    id = models.CharField(primary_key=True, max_length=80)
    sender = models.CharField(max_length=80, db_index=True)  # a member's label, as is the receiver
    receiver = models.CharField(max_length=80, db_index=True)
    size = models.BigIntegerField()  # bytes, as it was announced
    digest = models.CharField(max_length=64)  # SHA-256, as it was announced
    at = models.DateTimeField()
    came = models.DateTimeField(null=True)
    taken = models.DateTimeField(null=True)
    by = models.TextField()  # the account that posted it
