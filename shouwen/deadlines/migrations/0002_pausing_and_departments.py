"""Clocks may stand still; a department may work by a calendar of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_job_descriptions'),
        ('deadlines', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DepartmentCalendar',
            fields=[
                ('department', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='accounts.department')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deadlines.workcalendar')),
            ],
            options={
                'db_table': 'department_calendar',
            },
        ),
        migrations.RemoveIndex(
            model_name='deadline',
            name='deadline_to_miss',
        ),
        migrations.RemoveIndex(
            model_name='deadline',
            name='deadline_to_warn',
        ),
        migrations.AddField(
            model_name='deadline',
            name='counted_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='deadline',
            name='left_seconds',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='deadline',
            name='paused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('met_at__isnull', True), ('missed_at__isnull', True), ('paused_at__isnull', True)), fields=['due_at'], name='deadline_to_miss'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('met_at__isnull', True), ('missed_at__isnull', True), ('paused_at__isnull', True), ('warn_at__isnull', False), ('warned_at__isnull', True)), fields=['warn_at'], name='deadline_to_warn'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('paused_at__isnull', True), ('left_seconds__isnull', False), _connector='OR'), name='deadline_paused_has_rest'),
        ),
    ]
