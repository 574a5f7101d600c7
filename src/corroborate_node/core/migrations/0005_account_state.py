"""What an account's state is kept under says what it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("core", "0004_factors_and_tokens"), migrations.swappable_dependency(settings.AUTH_USER_MODEL))

    operations = (
        migrations.RenameModel("Standing", "AccountState"),
        migrations.AlterField(
            "accountstate",
            "user",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="account_state",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    )
