import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    """Sources that two people code without seeing each other's coding."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("evidence", "0014_together"),
        ("recording", "0002_submitted"),
    ]
    operations = [
        migrations.CreateModel(
            name="Doubled",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("first_draft", models.CharField(blank=True, default="", max_length=80)),
                ("second_draft", models.CharField(blank=True, default="", max_length=80)),
                ("first_typed", models.JSONField(null=True)),
                ("second_typed", models.JSONField(null=True)),
                ("resolved", models.DateTimeField(null=True)),
                ("resolved_by", models.TextField(blank=True, default="")),
                ("why", models.TextField(blank=True, default="")),
                ("source", models.ForeignKey(on_delete=_KEPT, related_name="+", to="evidence.source")),
                ("first", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("second", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
