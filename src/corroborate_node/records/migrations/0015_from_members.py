"""Sources that other members let us have."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("evidence", "0014_together"),)

    operations = (
        migrations.CreateModel(
            name="FromMember",
            fields=[
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="from_member",
                        serialize=False,
                        to="evidence.source",
                    ),
                ),
                ("member", models.CharField(max_length=300)),
                ("theirs", models.CharField(db_index=True, max_length=80)),
                ("release", models.CharField(max_length=80)),
                ("number", models.PositiveIntegerField()),
                ("bundle", models.CharField(db_index=True, max_length=80)),
            ],
        ),
    )
