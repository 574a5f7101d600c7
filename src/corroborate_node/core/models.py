"""What is kept of accounts and of what they did. No content of a record stands here, and no text that was searched."""

from django.conf import settings
from django.db import models

from corroborate_node.core.veils import VAULT, Veil


class Role(models.Model):
    """That an account has a role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "role"], name="core_role_once"),)


class AccountState(models.Model):
    """Whether an account chose its own passphrase, and whether it was removed. Its row stays: records name it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="account_state"
    )
    chosen = models.DateTimeField(null=True)  # its own passphrase; before, each page leads to the choice
    until = models.DateTimeField(null=True)  # a one-time passphrase opens nothing afterwards
    removed = models.DateTimeField(null=True)
    limited = models.BooleanField(default=False)  # to the cases of its limits, be there none
    second_needed = models.BooleanField(default=False)  # no page opens before it has a second factor


class Limit(models.Model):
    """A case whose records a limited account sees, by its id: what a case is, the room of records says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="limits")
    case = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "case"], name="core_limit_once"),)


class Vouch(models.Model):
    """That somebody, by their own log-in, said who holds an account: its person, who chose its passphrase."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="vouches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()


class Hand(models.Model):
    """Who made an account or reset its passphrase, and could be behind it. ``by`` is null for the owner."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="hands")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=10)  # made, reset
    at = models.DateTimeField()


class Leaving(models.Model):
    """A sealed file that no record relies on any more, until it is erased where it lies."""

    address = models.CharField(max_length=64, unique=True)


class Factor(models.Model):
    """What an account shows beside its passphrase: an app that counts codes, or a passkey."""

    veil = Veil({VAULT: ("name",)}, blind=("mark",))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=8)  # code, passkey
    name = models.CharField(max_length=60)  # its holder's word for it
    made = models.DateTimeField()
    used = models.DateTimeField(null=True)
    sealed = models.BinaryField()  # the app's secret, or the passkey's public key, under a key of the vault's
    mark = models.CharField(max_length=64, unique=True)  # digest of what it holds: the same key is not taken twice
    counted = models.BigIntegerField(default=-1)  # the step of the last code, or the passkey's counter


class RecoveryCode(models.Model):
    """A code on paper that stands for a lost factor, once. Kept as a keyed digest."""

    veil = Veil(blind=("digest",))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made = models.DateTimeField()
    used = models.DateTimeField(null=True)


class FactorReset(models.Model):
    """That somebody asked for another person's lost factors to be taken away, until a second person confirms it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factor_reset")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_account = models.BooleanField()  # false: the owner asked
    at = models.DateTimeField()


class AccountReset(models.Model):
    """That somebody of a hub asked for another account's new one-time passphrase, until a second person confirms it.
    ``half``: what they were shown of it."""

    veil = Veil({VAULT: ("half",)})
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_reset")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    half = models.TextField()


class Token(models.Model):
    """With what a program comes in for an account, until a day and for some permissions. Kept as a digest."""

    veil = Veil({VAULT: ("name",)}, blind=("digest",))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()  # names of permissions
    made = models.DateTimeField()
    until = models.DateTimeField()
    used = models.DateTimeField(null=True)
    confirmed = models.DateTimeField(null=True)  # when the account's passphrase was given with it
    revoked = models.DateTimeField(null=True)


class NodeRule(models.Model):
    """A rule that a keeper made for every account of the node, by its name."""

    name = models.CharField(primary_key=True, max_length=40)  # second factor
    since = models.DateTimeField()


class LogIn(models.Model):
    """A session of an account that may still be open."""

    veil = Veil({VAULT: ("address", "program")}, blind=("session",))

    session = models.CharField(primary_key=True, max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="log_ins")
    began = models.DateTimeField()
    seen = models.DateTimeField()
    address = models.CharField(max_length=45)
    program = models.CharField(max_length=120)  # the browser, as it calls itself


class WrongTry(models.Model):
    """A secret that was wrong. ``whom`` is a digest: people type passphrases into the field for the name."""

    veil = Veil(blind=("whom", "address"))

    place = models.CharField(max_length=20)
    whom = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["whom", "at"]), models.Index(fields=["address", "at"]))


class Line(models.Model):
    """One line of the journal: who did what, when."""

    veil = Veil(blind=("by",))

    at = models.DateTimeField()
    kind = models.CharField(max_length=8)  # view, search, act, export, refused
    what = models.CharField(max_length=60)  # name of the act, of the page or of the permission
    actor = models.CharField(max_length=14)  # kind of actor
    by = models.CharField(max_length=150, db_index=True)
    number = models.PositiveIntegerField(default=0)  # objects in all, of which the first ones are named
    asked = models.CharField(max_length=64, blank=True)  # keyed digest of what was searched

    class Meta:
        indexes = (models.Index(fields=["-at", "-id"]), models.Index(fields=["asked"]))


class Touched(models.Model):
    """An object of a line, by its id."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="touched")
    object = models.CharField(max_length=80, db_index=True)


class Work(models.Model):
    """A job that goes on beside the pages, as a room keeps it: how far it is, and in which state it ended. A room adds
    what was asked and what came out, by ids and counts."""

    state = models.CharField(db_index=True, max_length=12)
    step = models.TextField(blank=True)  # what is being done
    share = models.FloatField(default=0.0)  # done of all, 0 to 1
    by = models.TextField()
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        abstract = True
