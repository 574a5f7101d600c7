"""What a vault that may not sign is kept under says what it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("witnessing", "0006_backups"),)

    operations = (migrations.RenameModel("Standing", "SigningHalt"),)
