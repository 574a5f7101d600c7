from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Posted',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('sender', models.CharField(db_index=True, max_length=80)),
                ('receiver', models.CharField(db_index=True, max_length=80)),
                ('size', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('came', models.DateTimeField(null=True)),
                ('taken', models.DateTimeField(null=True)),
                ('by', models.TextField()),
            ],
        ),
    ]
