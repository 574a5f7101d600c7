import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60)),
                ('audience', models.CharField(max_length=20)),
                ('body', models.TextField(blank=True)),
                ('asked_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('withheld', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='PackagedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.CharField(db_index=True, max_length=80)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='packages.package')),
            ],
        ),
    ]
