"""What a hub stores of its coalition. States are the library's, as JSON; columns beside them are for asking."""

from django.conf import settings
from django.db import models

from corroborate_node.core.queries import anywhere
from corroborate_node.core.veils import VAULT, Veil


class Member(models.Model):
    """One member of the register. ``body``: :class:`corroborate.coalition.memberships.Membership`."""

    reading = "member.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("name", "body")})

    id = models.CharField(primary_key=True, max_length=80)
    place = models.PositiveIntegerField(db_index=True)  # in the order of joining the register
    name = models.TextField()
    kind = models.CharField(max_length=12)
    country = models.CharField(max_length=2, blank=True)
    role = models.CharField(max_length=12)
    left = models.DateField(null=True)
    key = models.CharField(max_length=500, blank=True, db_index=True)
    doubtful = models.BooleanField(default=False)
    body = models.JSONField()


class Statement(models.Model):
    """One joint statement without its sign-ons. ``body``: :class:`corroborate.coalition.lifecycle.Statement`."""

    reading = "statement.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("title", "body")})

    name = models.CharField(primary_key=True, max_length=80)
    title = models.TextField()
    phase = models.CharField(max_length=10)
    deadline = models.DateTimeField(null=True)
    changed = models.DateTimeField()
    body = models.JSONField()


class SignOn(models.Model):
    """What a member said to a text, in order of arrival. Never changed but to confirm one on paper."""

    reading = "statement.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("note", "words")}, blind=("scan", "recorded_by", "confirmed_by"))

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="sign_ons")
    member = models.ForeignKey(Member, models.PROTECT, related_name="sign_ons")
    language = models.CharField(max_length=3)
    digest = models.CharField(max_length=64)
    choice = models.CharField(max_length=10)
    at = models.DateTimeField()
    received = models.DateTimeField()
    note = models.BinaryField(blank=True)
    key = models.CharField(max_length=500, blank=True)  # that signed it, then
    scan = models.CharField(max_length=64, blank=True)  # digest of the sealed scan, when on paper
    recorded_by = models.TextField(blank=True)
    confirmed_by = models.TextField(blank=True)
    words = models.TextField(blank=True, default="")  # a reservation, or why it abstains: as it was signed


class Scan(models.Model):
    """A sealed letter: its digest, and where it lies encrypted."""

    reading = "paper.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("name",)}, blind=("digest", "by"))

    digest = models.CharField(primary_key=True, max_length=64)
    address = models.CharField(max_length=64)
    name = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()


class Choice(models.Model):
    """A member's stance about something, as its note."""

    reading = "statement.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("note",)})

    member = models.ForeignKey(Member, models.PROTECT, related_name="choices")
    note = models.BinaryField()
    received = models.DateTimeField()


class Proposal(models.Model):
    """``body``: :class:`corroborate.coalition.decisions.Proposal`."""

    reading = "decision.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("title", "body")})

    id = models.CharField(primary_key=True, max_length=80)
    title = models.TextField()
    closes = models.DateTimeField()
    body = models.JSONField()


class Happened(models.Model):
    """The history: what was done to what, by which account, when. Rows are only ever added."""

    reading = "statement.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("body",)}, blind=("by",))

    stream = models.CharField(max_length=120, db_index=True)  # member/…, statement/…, proposal/…
    what = models.CharField(max_length=40)
    body = models.JSONField()
    by = models.TextField()
    at = models.DateTimeField()


class Notice(models.Model):
    """Something to look at: for a member's representatives, or for the secretariat where there is no member."""

    reading = "today.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("about", "link")})

    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="notices")
    what = models.CharField(max_length=20)
    about = models.TextField(blank=True)
    link = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["member", "-id"]),)


class Seen(models.Model):
    """Up to which notice an account has looked."""

    reading = "statement.read"
    within = staticmethod(anywhere)

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notice = models.BigIntegerField(default=0)


class Representative(models.Model):
    """Which member an account acts for. It lets nobody sign: only the member's key does."""

    reading = "statement.read"
    within = staticmethod(anywhere)

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="representative")
    member = models.ForeignKey(Member, models.PROTECT, related_name="representatives")


class Reminder(models.Model):
    """That a letter about a statement went to a member on a day: once, whoever sends."""

    reading = "statement.read"
    within = staticmethod(anywhere)

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    day = models.DateField()  # UTC

    class Meta:
        constraints = (models.UniqueConstraint(fields=["statement", "member", "day"], name="campaign_reminded_once"),)


class MailPassword(models.Model):
    """The mail account's password, here because this database is encrypted. One row at most."""

    reading = "mail.keep"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("password",)})

    password = models.TextField()
