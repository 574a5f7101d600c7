"""Passages of documents are found too. The index is made anew when the vault is opened next."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_initial"), ("evidence", "0010_passages_and_files")]
    operations = [
        migrations.AddField(
            "said",
            "passage",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="evidence.passage"
            ),
        ),
    ]
