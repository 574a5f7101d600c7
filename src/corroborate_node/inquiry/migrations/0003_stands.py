from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("inquiry", "0002_assessments")]

    operations = [
        migrations.CreateModel(
            name="Stand",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("finding", models.CharField(max_length=120)),
                ("reader", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("member", models.TextField()),
                ("choice", models.CharField(max_length=10)),
                ("words", models.TextField(blank=True)),
                ("note", models.TextField()),
                ("said", models.DateTimeField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
