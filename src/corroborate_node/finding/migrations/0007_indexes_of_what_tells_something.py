"""The indexes themselves: a database changes no table whose rows wait to be checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finding", "0006_what_tells_something")]
    operations = [
        migrations.AddIndex(
            "said",
            models.Index(
                condition=models.Q(("passage__isnull", False)), fields=["passage"], name="finding_in_passage"
            ),
        ),
        migrations.AddIndex(
            "said",
            models.Index(
                condition=models.Q(("term__isnull", False)),
                fields=["term", "kind", "of"],
                name="finding_what_was_done",
            ),
        ),
        migrations.AddIndex(
            "said",
            models.Index(
                condition=models.Q(("place__isnull", False)), fields=["place", "kind", "of"], name="finding_where"
            ),
        ),
        migrations.AddIndex(
            "said",
            models.Index(
                condition=models.Q(("begins__isnull", False)),
                fields=["kind", "begins", "ends", "of"],
                name="finding_acts_until",
            ),
        ),
        migrations.AddIndex(
            "said",
            models.Index(
                condition=models.Q(("ends__isnull", False)), fields=["kind", "ends", "of"], name="finding_acts_since"
            ),
        ),
    ]
