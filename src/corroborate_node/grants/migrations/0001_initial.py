import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('packages', '0003_of_case'),
    ]

    operations = [
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('reader', models.TextField()),
                ('purpose', models.TextField(blank=True)),
                ('begins', models.DateField()),
                ('until', models.DateField()),
                ('download', models.BooleanField()),
                ('needs_second', models.BooleanField()),
                ('made_by', models.TextField()),
                ('by_account', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('confirmed_by', models.TextField(blank=True, default='')),
                ('confirmed', models.DateTimeField(null=True)),
                ('revoked_by', models.TextField(blank=True, default='')),
                ('revoked', models.DateTimeField(null=True)),
                ('erased', models.DateTimeField(null=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packages.release')),
            ],
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('word', models.CharField(max_length=64)),
                ('made', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('wrong', models.PositiveIntegerField(default=0)),
                ('used', models.DateTimeField(null=True)),
                ('ended', models.DateTimeField(null=True)),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='grants.grant')),
            ],
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(blank=True, max_length=80)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('answer', models.TextField(blank=True, default='')),
                ('answered', models.DateTimeField(null=True)),
                ('answered_by', models.TextField(blank=True, default='')),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='grants.grant')),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('began', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended', models.DateTimeField(null=True)),
                ('address', models.CharField(max_length=45)),
                ('program', models.CharField(max_length=120)),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='grants.grant')),
            ],
        ),
    ]
