from django.db import migrations


class Migration(migrations.Migration):
    """The log's rows belong to the log. Their tables stay where and what they are."""

    dependencies = [("evidence", "0003_no_witnessed"), ("witnessing", "0004_log_rows")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("LogEntry"), migrations.DeleteModel("Checkpoint")],
        ),
    ]
