"""What each member that sent a source lets us do with it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("evidence", "0016_said_by_the_source"),)

    operations = (
        migrations.CreateModel(
            name="TermsOf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms_of", to="evidence.source"
                    ),
                ),
                ("member", models.CharField(max_length=300)),
                ("theirs", models.CharField(db_index=True, max_length=80)),
                ("number", models.PositiveIntegerField()),
                ("terms", models.JSONField(default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "member", "theirs"), name="evidence_one_word_each")
                ],
            },
        ),
    )
