from django.db import migrations, models


class Migration(migrations.Migration):
    """What a member said beside its choice: a reservation, or why it abstains."""

    dependencies = (("campaign", "0002_mail"),)
    operations = (
        migrations.AddField("signon", "words", models.TextField(blank=True, default="")),
    )
