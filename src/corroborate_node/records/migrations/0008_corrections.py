import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Corrections of claims. Of what was taken in before, nothing is corrected."""

    dependencies = [("evidence", "0007_cases")]
    operations = [
        migrations.AddField("claim", "superseded", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("by", models.TextField()),
                ("why", models.TextField()),
                ("at", models.DateTimeField()),
                ("taken_back", models.DateTimeField(null=True)),
                ("taken_back_by", models.TextField(blank=True, default="")),
                ("new", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="corrects",
                                             to="evidence.claim")),
                ("old", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="corrections",
                                          to="evidence.claim")),
            ],
        ),
    ]
