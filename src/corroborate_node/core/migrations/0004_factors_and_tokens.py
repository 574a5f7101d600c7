from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_CASCADE = django.db.models.deletion.CASCADE


def _id() -> tuple[str, "models.Field[Any, Any]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _user(name: str) -> tuple[str, "models.Field[Any, Any]"]:
    return ("user", models.ForeignKey(on_delete=_CASCADE, related_name=name, to=settings.AUTH_USER_MODEL))


class Migration(migrations.Migration):
    """No account has a second factor or a token yet, and none needs one."""

    dependencies = [("core", "0003_cases_and_vouches"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("standing", "second_needed", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Factor",
            fields=[
                _id(),
                ("kind", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=60)),
                ("made", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField()),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("counted", models.BigIntegerField(default=-1)),
                _user("factors"),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                _id(),
                ("digest", models.CharField(max_length=64)),
                ("made", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                _user("recovery_codes"),
            ],
        ),
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                _id(),
                ("by_account", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                                         to=settings.AUTH_USER_MODEL)),
                ("user", models.OneToOneField(on_delete=_CASCADE, related_name="factor_reset",
                                              to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                _id(),
                ("name", models.CharField(max_length=60)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", models.JSONField()),
                ("made", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                ("confirmed", models.DateTimeField(null=True)),
                ("revoked", models.DateTimeField(null=True)),
                _user("tokens"),
            ],
        ),
        migrations.CreateModel(
            name="NodeRule",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
        ),
    ]
