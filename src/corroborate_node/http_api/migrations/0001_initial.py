from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RequestDone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("asked", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("done", models.BooleanField(default=False)),
            ],
        ),
    ]
