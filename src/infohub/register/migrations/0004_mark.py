from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_welcome"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("picture", models.BinaryField()),
            ],
        ),
    ]
