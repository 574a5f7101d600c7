import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("campaign", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="MailPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaign.member")),
                ("statement", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="campaign.statement")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("statement", "member", "day"), name="campaign_reminded_once"),
                ],
            },
        ),
    ]
