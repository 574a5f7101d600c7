"""Indexes of what is said hold those rows alone that tell a violation, a place, a date or a passage."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def _none(apps: Any, _editor: Any) -> None:
    apps.get_model("finding", "Said").objects.filter(term="").update(term=None)


def _empty(apps: Any, _editor: Any) -> None:
    apps.get_model("finding", "Said").objects.filter(term=None).update(term="")


class Migration(migrations.Migration):
    dependencies = [("finding", "0005_dates_by_kind")]
    operations = [
        migrations.RemoveIndex("said", "finding_what_was_done"),
        migrations.RemoveIndex("said", "finding_where"),
        migrations.RemoveIndex("said", "finding_acts_until"),
        migrations.RemoveIndex("said", "finding_acts_since"),
        migrations.AlterField("said", "term", models.CharField(max_length=80, null=True)),
        migrations.AlterField(
            "said",
            "passage",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="evidence.passage",
            ),
        ),
        migrations.RunPython(_none, _empty),
    ]
