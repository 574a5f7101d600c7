from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_PROTECT = django.db.models.deletion.PROTECT


def _id() -> tuple[str, "models.Field[Any, Any]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("packages", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("id", models.CharField(max_length=80, unique=True)),
                ("title", models.TextField()),
                ("case", models.TextField(blank=True)),
                ("audience", models.CharField(max_length=20)),
                ("body", models.TextField(blank=True)),
                ("on", models.DateField()),
                ("until", models.DateField(null=True)),
                ("linking", models.CharField(blank=True, max_length=6)),
                ("content", models.BinaryField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("items_digest", models.CharField(max_length=64)),
                ("told", models.JSONField()),
                ("needs_second", models.BooleanField()),
                ("invented", models.BooleanField(default=False)),
                ("made_by", models.TextField()),
                ("by_account", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("confirmed_by", models.TextField(blank=True)),
                ("confirmed", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["audience", "body"], name="packages_release_for")]},
        ),
        migrations.CreateModel(
            name="ReleasedRecord",
            fields=[
                _id(),
                ("record", models.CharField(db_index=True, max_length=80)),
                ("kind", models.CharField(max_length=8)),
                ("use", models.CharField(max_length=8)),
                ("consent", models.CharField(blank=True, max_length=80)),
                ("until", models.DateField(null=True)),
                ("why", models.CharField(blank=True, max_length=12)),
                ("of_body", models.BooleanField(default=False)),
                ("person", models.CharField(blank=True, max_length=80)),
                ("release", models.ForeignKey(on_delete=_PROTECT, related_name="records", to="packages.release")),
            ],
        ),
        migrations.CreateModel(
            name="Given",
            fields=[
                _id(),
                ("form", models.CharField(max_length=12)),
                ("to", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("release", models.ForeignKey(on_delete=_PROTECT, related_name="given", to="packages.release")),
            ],
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                _id(),
                ("reason", models.CharField(max_length=12)),
                ("records", models.PositiveIntegerField()),
                ("note", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("sent", models.DateTimeField(null=True)),
                ("answered", models.DateTimeField(null=True)),
                ("release", models.ForeignKey(on_delete=_PROTECT, related_name="recalls", to="packages.release")),
            ],
        ),
        migrations.AddField(
            model_name="package",
            name="release",
            field=models.ForeignKey(
                null=True, on_delete=_PROTECT, related_name="packages", to="packages.release"
            ),
        ),
    ]
