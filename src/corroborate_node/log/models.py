"""What a node knows of other members' logs, and what others told it of its own. Notes are kept as they came."""

from typing import Any

from django.db import models

from corroborate.translation import read_back
from corroborate_node.core.veils import VAULT, Veil

_ORIGIN: dict[str, Any] = {"max_length": 300}  # the name of a log's key


class LogEntry(models.Model):
    """One seal. ``salt`` is null once the record was withdrawn: then not even a guess at it can be confirmed."""

    reading = "log.read"
    veil = Veil({VAULT: ("salt",)})

    index = models.BigIntegerField(primary_key=True)
    commitment = models.BinaryField()
    salt = models.BinaryField(null=True)
    kind = models.CharField(max_length=12)  # entity, source, consent, claim, judgement, withdrawal
    record = models.CharField(db_index=True, max_length=80)
    at = models.DateTimeField()

    class Meta:
        db_table = "evidence_logentry"


class Checkpoint(models.Model):
    reading = "log.read"

    size = models.BigIntegerField(primary_key=True)
    note = models.BinaryField()  # with the cosignatures received so far
    at = models.DateTimeField()

    class Meta:
        db_table = "evidence_checkpoint"


class Member(models.Model):
    """A seat that was admitted: an organisation's key for its log and, with it, its voice as a witness."""

    reading = "log.read"
    veil = Veil({VAULT: ("organisation", "voice", "note")})

    origin = models.CharField(primary_key=True, **_ORIGIN)
    organisation = models.TextField()
    voice = models.TextField()
    note = models.BinaryField()  # the countersigned enrolment
    at = models.DateTimeField()


class KeyNote(models.Model):
    """What became of a seat since it enrolled, in the order in which it applies: a rotation or revocation of its
    log's key, its leaving, its coming back."""

    reading = "log.read"

    origin = models.CharField(db_index=True, **_ORIGIN)
    note = models.BinaryField()
    at = models.DateTimeField()


class WatchedLog(models.Model):
    """The newest checkpoint of another log that this node cosigned."""

    reading = "log.read"

    origin = models.CharField(primary_key=True, **_ORIGIN)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.BinaryField()  # as the log signed it, with our cosignature
    at = models.DateTimeField()


class Heard(models.Model):
    """A signed checkpoint that another member showed us, by whatever way it came."""

    reading = "log.read"
    veil = Veil({VAULT: ("by",)})

    origin = models.CharField(db_index=True, **_ORIGIN)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.BinaryField()
    by = models.TextField()  # who showed it
    at = models.DateTimeField()
    compared = models.BooleanField(default=False)  # with the log's own tiles or with one of the same size

    class Meta:
        constraints = (models.UniqueConstraint(fields=["origin", "size", "root"], name="heard_once"),)


class Alarm(models.Model):
    """Something that does not fit. It is settled by a person, who says how; it is never deleted."""

    reading = "log.read"
    veil = Veil({VAULT: ("about", "found", "how")}, blind=("settled_by",))

    kind = models.CharField(max_length=20)  # split view, open question, own log, clock, damage, set back
    about = models.TextField()  # the log's origin, or what was checked
    found = models.TextField()
    older = models.BinaryField(default=b"")
    newer = models.BinaryField(default=b"")
    proof = models.JSONField(default=list)  # hashes in base64
    at = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, default="")  # the account; "" at the command line, or before 0005
    how = models.TextField(default="")

    class Meta:
        indexes = (models.Index(fields=["settled", "-id"]),)

    @property
    def said(self) -> str:
        """What was found, as a sentence."""
        return read_back(self.found)


class Token(models.Model):
    """An RFC 3161 token over one of our checkpoints, raw."""

    reading = "log.read"
    veil = Veil({VAULT: ("found",)})

    size = models.BigIntegerField(db_index=True)
    raw = models.BinaryField()
    state = models.CharField(max_length=12)
    authority = models.TextField()
    says = models.DateTimeField(null=True)  # the authority's time
    found = models.TextField()
    at = models.DateTimeField()  # when it came, by our clock


class SigningHalt(models.Model):
    """Whether this vault may sign. One row, and none while it may."""

    reading = "log.read"
    veil = Veil({VAULT: ("found",)})

    state = models.CharField(max_length=8)  # asking, behind, forked
    found = models.TextField()
    at = models.DateTimeField()

    @property
    def said(self) -> str:
        """What was found, as a sentence."""
        return read_back(self.found)


class Answered(models.Model):
    """What another organisation cosigned last of our log, as it told us after a restore. Null: it never saw it."""

    reading = "log.read"

    organisation = models.CharField(primary_key=True, **_ORIGIN)
    note = models.BinaryField(null=True)
    at = models.DateTimeField()


class Fixity(models.Model):
    """A check of everything, and what it found."""

    reading = "log.read"
    veil = Veil({VAULT: ("found",)})

    at = models.DateTimeField()
    wrong = models.IntegerField()
    found = models.JSONField()


class ExchangeKey(models.Model):
    """The age key that opens the bundles which others send us. It lies in the database, which is encrypted."""

    reading = "log.read"
    veil = Veil({VAULT: ("secret",)})

    secret = models.TextField()
    public = models.TextField()
    at = models.DateTimeField()


class Address(models.Model):
    """Where bundles for another member are encrypted to, as its log's key signed it."""

    reading = "log.read"

    origin = models.CharField(primary_key=True, **_ORIGIN)
    key = models.TextField()
    note = models.BinaryField()
    at = models.DateTimeField()


class Carried(models.Model):
    """A bundle that came, or that was sent to one member. Of its files nothing is kept here but how many there were."""

    reading = "log.read"

    bundle = models.CharField(max_length=80)
    direction = models.CharField(max_length=3)  # in, out
    other = models.CharField(**_ORIGIN)  # the log of the member that sent it, or that it went to
    digest = models.CharField(max_length=64)
    files = models.IntegerField()
    at = models.DateTimeField()
    received = models.DateTimeField(null=True)  # by the other's receipt
    number = models.PositiveIntegerField(null=True)  # among those of its sender to its receiver; null: before 0009
    before = models.CharField(max_length=64, blank=True, default="")  # digest of the one before it
    log = models.BigIntegerField(default=0)  # entries of the sender's log that it shows
    made = models.DateTimeField(null=True)  # by its sender's clock
    opened = models.DateTimeField(null=True)  # when its files were written to a folder

    class Meta:
        constraints = (models.UniqueConstraint(fields=["bundle", "direction", "other"], name="carried_once"),)


class Backup(models.Model):
    """A copy of the vault, and when it was last opened and checked. Where it has a ``file`` the program made and
    checked it; otherwise it is a person's word, and says whose."""

    reading = "backup.keep"
    veil = Veil({VAULT: ("place", "file")}, blind=("noted_by", "checked_by"))

    made = models.DateField()
    place = models.TextField()  # in words of theirs: which disk, in whose hands; of the program's own, the address
    noted_by = models.CharField(max_length=150)
    checked = models.DateField(null=True)
    checked_by = models.CharField(max_length=150, default="")
    gone = models.DateField(null=True)  # overwritten, lost or destroyed
    at = models.DateTimeField(null=True)  # when the program made it
    file = models.TextField(default="")  # its address on this machine
    size = models.BigIntegerField(null=True)  # bytes of that file
    entries = models.BigIntegerField(null=True)  # of the log, when it was made


class BackupPlan(models.Model):
    """Where to and how often a backup is made while the vault is served. One row at most."""

    reading = "backup.keep"
    veil = Veil({VAULT: ("folder", "failed")}, blind=("by",))

    folder = models.TextField()
    hours = models.IntegerField()  # between two
    keep = models.IntegerField()  # how many are kept there
    by = models.CharField(max_length=150)
    tried = models.DateTimeField(null=True)
    failed = models.TextField(default="")  # why the last try made none


class ShareDrill(models.Model):
    """That shares were typed from paper and opened the vault's key: when, and how many."""

    reading = "backup.keep"
    veil = Veil(blind=("by",))

    at = models.DateTimeField()
    shares = models.IntegerField()
    by = models.CharField(max_length=150)


class FixityRound(models.Model):
    """A check of everything that goes on slice by slice while the vault is served. At most one is unfinished."""

    reading = "log.read"
    veil = Veil({VAULT: ("wrong",)})

    started = models.DateTimeField()
    days = models.IntegerField()  # within which it is to be done, and after which the next one begins
    after = models.CharField(max_length=64, default="")  # sealed files are read in the order of their addresses
    files = models.IntegerField(default=0)  # how many were read
    wrong = models.JSONField(default=list)  # what was found wrong with them, in words
    finished = models.DateTimeField(null=True)
