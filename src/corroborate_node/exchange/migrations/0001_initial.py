import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('packages', '0003_of_case'),
    ]

    operations = [
        migrations.CreateModel(
            name='Obeyed',
            fields=[
                ('note', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('member', models.CharField(max_length=300)),
                ('number', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=12)),
                ('sources', models.PositiveIntegerField()),
                ('claims', models.PositiveIntegerField()),
                ('parcels', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('bundle', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('member', models.CharField(max_length=300)),
                ('release', models.CharField(max_length=80)),
                ('number', models.PositiveIntegerField()),
                ('title', models.TextField(blank=True)),
                ('audience', models.CharField(max_length=20)),
                ('body', models.TextField(blank=True)),
                ('until', models.DateField(null=True)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('sources', models.PositiveIntegerField()),
                ('people', models.PositiveIntegerField()),
                ('claims', models.PositiveIntegerField()),
                ('state', models.CharField(db_index=True, max_length=8)),
                ('decided', models.DateTimeField(null=True)),
                ('by', models.TextField(blank=True, default='')),
                ('taken', models.PositiveIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Gone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.CharField(max_length=300)),
                ('record', models.CharField(max_length=80)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'member'), name='exchange_gone_once')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=20)),
                ('called', models.TextField(blank=True)),
                ('people', models.JSONField(default=list)),
                ('claims', models.PositiveIntegerField()),
                ('may', models.JSONField(default=dict)),
                ('ends', models.DateField(null=True)),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='exchange.parcel')),
            ],
            options={
                'indexes': [models.Index(fields=['parcel', 'id'], name='exchange_offers')],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.CharField(max_length=300)),
                ('bundle', models.CharField(db_index=True, max_length=80)),
                ('at', models.DateTimeField()),
                ('answered', models.DateTimeField(null=True)),
                ('sources', models.PositiveIntegerField(null=True)),
                ('claims', models.PositiveIntegerField(null=True)),
                ('receipt', models.BinaryField(null=True)),
                ('recall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='packages.recall')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recall', 'member'), name='exchange_told_once')],
            },
        ),
    ]
