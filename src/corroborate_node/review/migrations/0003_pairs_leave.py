from django.db import migrations


class Migration(migrations.Migration):
    """Pairs that may be one person stand beside the judgements of them. Their table stays where and what it is."""

    dependencies = [("review", "0002_document_numbers"), ("evidence", "0006_pairs")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Candidate")])]
