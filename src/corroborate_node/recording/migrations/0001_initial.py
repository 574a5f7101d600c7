import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_GOES = django.db.models.deletion.CASCADE


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("evidence", "0013_by_hand")]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("typed", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("began", models.DateTimeField()),
                ("changed", models.DateTimeField()),
                ("source", models.ForeignKey(null=True, on_delete=_GOES, related_name="+", to="evidence.source")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                           to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("size", models.PositiveBigIntegerField()),
                ("address", models.CharField(max_length=64)),
                ("passages", models.BooleanField(default=False)),
                ("draft", models.ForeignKey(on_delete=_GOES, related_name="files", to="recording.draft")),
            ],
        ),
    ]
