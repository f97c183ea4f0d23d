"""Kinds of matters with their flow, questions, sorted points, what the customer was told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0005_recent_of_a_queue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='ContactKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('code', models.SlugField(max_length=12, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('needs_feedback', models.BooleanField(default=False)),
                ('feedback_minutes', models.PositiveIntegerField(default=480)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ContactQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=100)),
                ('is_required', models.BooleanField(default=True)),
                ('is_active', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(max_length=10)),
                ('text', models.CharField(max_length=500)),
                ('is_final', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReportSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=40)),
                ('starts', models.PositiveSmallIntegerField()),
                ('ends', models.PositiveSmallIntegerField()),
                ('is_active', models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name='summarypoint',
            name='line',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='points', to='conversations.line'),
        ),
        migrations.AddField(
            model_name='summarypoint',
            name='sort',
            field=models.CharField(blank=True, choices=[('need', 'Need'), ('opinion', 'Opinion'), ('complaint', 'Complaint'), ('suggestion', 'Suggestion')], db_default='', default='', max_length=10),
        ),
        migrations.AddIndex(
            model_name='summarypoint',
            index=models.Index(condition=models.Q(('sort', ''), _negated=True), fields=['raised_at'], name='point_sorted'),
        ),
        migrations.AddField(
            model_name='contactanswer',
            name='wrap_up',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='conversations.wrapup'),
        ),
        migrations.AddField(
            model_name='contactquestion',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='conversations.contactkind'),
        ),
        migrations.AddField(
            model_name='contactanswer',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='conversations.contactquestion'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='feedback',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='conversations.conversation'),
        ),
        migrations.AddConstraint(
            model_name='reportspan',
            constraint=models.CheckConstraint(condition=models.Q(('ends__lte', 1440), ('starts__lt', 1440)), name='report_span_within_a_day'),
        ),
        migrations.AddIndex(
            model_name='contactquestion',
            index=models.Index(fields=['kind', 'position'], name='contact_question_order'),
        ),
        migrations.AddConstraint(
            model_name='contactanswer',
            constraint=models.UniqueConstraint(fields=('wrap_up', 'question'), name='contact_answer_once'),
        ),
        migrations.AddIndex(
            model_name='feedback',
            index=models.Index(fields=['conversation', '-at'], name='feedback_of_talk'),
        ),
    ]
