import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AccessRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('demand', models.CharField(db_index=True, max_length=80)),
                ('on', models.CharField(max_length=10)),
                ('by', models.TextField()),
                ('what', models.TextField()),
                ('answer', models.CharField(max_length=20)),
                ('source', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=2)),
                ('what', models.TextField()),
                ('on', models.CharField(max_length=10)),
                ('source', models.TextField()),
                ('demand', models.CharField(blank=True, max_length=80)),
                ('kept', models.CharField(default='open', max_length=10)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('state', models.CharField(db_index=True, max_length=2)),
                ('name', models.TextField()),
                ('role', models.TextField(blank=True)),
                ('reach', models.TextField(blank=True)),
                ('consents', models.JSONField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Paragraph',
            fields=[
                ('state', models.CharField(max_length=2, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('demand', models.CharField(db_index=True, max_length=80)),
                ('criterion', models.CharField(max_length=80)),
                ('status', models.CharField(max_length=20)),
                ('by', models.TextField()),
                ('on', models.CharField(max_length=10)),
                ('evidence', models.JSONField(default=list)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('title', models.TextField()),
                ('members', models.JSONField()),
                ('begins', models.DateField(db_index=True)),
                ('ends', models.DateField()),
                ('language', models.CharField(max_length=3)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('place', models.TextField(blank=True)),
                ('demands', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('address', models.TextField(blank=True)),
                ('invented', models.BooleanField(default=False)),
                ('merged_by', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='advocacy.action')),
            ],
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=2)),
                ('body', models.CharField(max_length=10)),
                ('resolution', models.CharField(max_length=200)),
                ('on', models.CharField(max_length=10)),
                ('vote', models.CharField(max_length=12)),
                ('source', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('state', 'resolution'), name='advocacy_one_vote')],
            },
        ),
        migrations.CreateModel(
            name='Apart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.TextField()),
                ('at', models.DateTimeField()),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='advocacy.action')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='advocacy.action')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='advocacy_apart_once')],
            },
        ),
    ]
