import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO evidence_namepart (part, name_id)
WITH RECURSIVE place (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < (SELECT max(length(folded)) FROM evidence_personname)
)
SELECT DISTINCT substr(folded, n, 2), id FROM evidence_personname CROSS JOIN place WHERE n <= length(folded)
"""


class Migration(migrations.Migration):
    dependencies = [
        ('evidence', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='NamePart',
            fields=[
                ('pk', models.CompositePrimaryKey('part', 'name_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(max_length=2)),
                ('name', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='evidence.personname')),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='document',
            name='invented',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='personname',
            index=models.Index(condition=models.Q(('first', True)), fields=['folded', 'id'], name='evidence_people_listed'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('invented', True)), fields=['id'], name='evidence_invented_sources'),
        ),
    ]
