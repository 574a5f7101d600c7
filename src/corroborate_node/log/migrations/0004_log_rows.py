from django.db import migrations, models


class Migration(migrations.Migration):
    """The log's rows belong to the log. Their tables stay where and what they are."""

    dependencies = [("witnessing", "0003_fixity_round"), ("evidence", "0003_no_witnessed")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="LogEntry",
                    fields=[
                        ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("commitment", models.BinaryField()),
                        ("salt", models.BinaryField(null=True)),
                        ("kind", models.CharField(max_length=12)),
                        ("record", models.CharField(db_index=True, max_length=80)),
                        ("at", models.DateTimeField()),
                    ],
                    options={"db_table": "evidence_logentry"},
                ),
                migrations.CreateModel(
                    name="Checkpoint",
                    fields=[
                        ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("note", models.BinaryField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={"db_table": "evidence_checkpoint"},
                ),
            ],
        ),
    ]
