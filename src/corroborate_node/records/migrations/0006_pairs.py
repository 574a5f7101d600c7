from django.db import migrations, models


class Migration(migrations.Migration):
    """Pairs that may be one person stand beside the judgements of them. Their table stays where and what it is."""

    dependencies = [("evidence", "0005_consent_in_whose_right"), ("review", "0002_document_numbers")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Candidate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                                   verbose_name="ID")),
                        ("left", models.CharField(max_length=80)),
                        ("right", models.CharField(db_index=True, max_length=80)),
                        ("probability", models.FloatField()),
                        ("weight", models.FloatField(null=True)),
                        ("origin", models.TextField()),
                        ("worth", models.FloatField(db_index=True)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "review_candidate",
                        "indexes": [models.Index(fields=["-worth", "id"], name="review_queue")],
                        "constraints": [models.UniqueConstraint(fields=("left", "right"), name="review_a_pair_once")],
                    },
                ),
            ],
        ),
    ]
