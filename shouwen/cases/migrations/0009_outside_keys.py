"""What other programs call the cases they send."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0008_rungs_without_minutes'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutsideKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100)),
                ('digest', models.CharField(max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='outside_key', to='cases.case')),
            ],
            options={
                'db_table': 'case_outside_key',
                'constraints': [models.UniqueConstraint(fields=('by', 'key'), name='case_outside_key_once')],
            },
        ),
    ]
