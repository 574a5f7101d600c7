from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _user(name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to=settings.AUTH_USER_MODEL
    )


def _id() -> tuple[str, "models.Field[Any, Any]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    """Accounts that are there see the whole vault, as before; nobody has vouched for any of them yet."""

    dependencies = [("core", "0002_roles"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("standing", "limited", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Limit",
            fields=[_id(), ("case", models.CharField(max_length=80)), ("user", _user("limits"))],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "case"), name="core_limit_once")],
            },
        ),
        migrations.CreateModel(
            name="Vouch",
            fields=[_id(), ("at", models.DateTimeField()), ("by", _user("+")), ("user", _user("vouches"))],
        ),
    ]
