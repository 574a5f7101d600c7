from django.db import migrations, models

_TEXT = [("action", "said_by"), ("action", "confirmed_by"), ("reading", "entered_by"), ("accessrequest", "entered_by")]


class Migration(migrations.Migration):

    dependencies = [("advocacy", "0002_action_changes")]

    operations = [
        *(migrations.AddField(model, name, models.TextField(blank=True, default="")) for model, name in _TEXT),
        *(
            migrations.AddField(model, "own", models.BooleanField(default=False))
            for model in ("action", "reading", "accessrequest")
        ),
    ]
