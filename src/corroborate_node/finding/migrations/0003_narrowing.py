"""What was done, where and when is found without reading what else is said."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finding", "0002_passages")]
    operations = [
        migrations.AlterField(
            "said",
            "place",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="said",
                to="finding.place",
            ),
        ),
        migrations.AddIndex("said", models.Index(fields=["term", "kind", "of"], name="finding_what_was_done")),
        migrations.AddIndex("said", models.Index(fields=["place", "kind", "of"], name="finding_where")),
        migrations.AddIndex("said", models.Index(fields=["begins", "ends", "kind", "of"], name="finding_until")),
        migrations.AddIndex("said", models.Index(fields=["ends", "kind", "of"], name="finding_since")),
    ]
