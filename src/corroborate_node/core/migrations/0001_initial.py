import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='standing', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('chosen', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('removed', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Hand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hands', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=8)),
                ('what', models.CharField(max_length=60)),
                ('actor', models.CharField(max_length=14)),
                ('by', models.CharField(db_index=True, max_length=150)),
                ('number', models.PositiveIntegerField(default=0)),
                ('asked', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['-at', '-id'], name='core_line_at_492c1b_idx'), models.Index(fields=['asked'], name='core_line_asked_3148d3_idx')],
            },
        ),
        migrations.CreateModel(
            name='LogIn',
            fields=[
                ('session', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('began', models.DateTimeField()),
                ('seen', models.DateTimeField()),
                ('address', models.CharField(max_length=45)),
                ('program', models.CharField(max_length=120)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log_ins', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object', models.CharField(db_index=True, max_length=80)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touched', to='core.line')),
            ],
        ),
        migrations.CreateModel(
            name='WrongTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=20)),
                ('whom', models.CharField(max_length=64)),
                ('address', models.CharField(max_length=45)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['whom', 'at'], name='core_wrongt_whom_809cdb_idx'), models.Index(fields=['address', 'at'], name='core_wrongt_address_73921c_idx')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'role'), name='core_role_once')],
            },
        ),
    ]
