from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_account_state")]
    operations = [
        migrations.CreateModel(
            name="Leaving",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=64, unique=True)),
            ],
        ),
    ]
