"""Cases and all that belongs to them."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import shouwen.core.search
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_job_descriptions'),
        ('conversations', '0003_queue_surge_and_staffing'),
        ('core', '0002_history_append_only'),
        ('customers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.CharField(max_length=24, unique=True)),
                ('is_complaint', models.BooleanField(default=False)),
                ('way', models.CharField(choices=[('visit', 'In person'), ('letter', 'By letter'), ('call', 'By phone'), ('chat', 'By web chat'), ('mail', 'By e-mail'), ('sms', 'By short message'), ('form', 'By form'), ('platform', 'By a platform'), ('other', 'Otherwise')], max_length=10)),
                ('title', models.CharField(max_length=120)),
                ('matter', models.TextField()),
                ('demand', models.TextField(blank=True)),
                ('values', models.JSONField(default=dict)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('stage', models.CharField(choices=[('accept', 'Acceptance'), ('handle', 'Handling'), ('answer', 'Answer'), ('follow_up', 'Follow-up'), ('archive', 'Archive')], default='accept', max_length=10)),
                ('validity', models.CharField(blank=True, choices=[('', 'Not judged yet'), ('valid', 'Valid'), ('invalid', 'Invalid')], default='', max_length=8)),
                ('validity_reason', models.CharField(blank=True, max_length=500)),
                ('contract_clause', models.CharField(blank=True, max_length=200)),
                ('invalid_choice', models.CharField(blank=True, choices=[('', 'None'), ('assist', 'Help nevertheless'), ('refuse', 'Refuse politely')], default='', max_length=8)),
                ('is_major', models.BooleanField(default=False)),
                ('is_urgent', models.BooleanField(default=False)),
                ('priority', models.CharField(choices=[('critical', 'Critical: nothing works'), ('serious', 'Serious: badly damaged'), ('ordinary', 'Ordinary')], default='ordinary', max_length=10)),
                ('safety', models.PositiveSmallIntegerField(null=True)),
                ('impact', models.PositiveSmallIntegerField(null=True)),
                ('urgency', models.PositiveSmallIntegerField(null=True)),
                ('opened_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('handled_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('followed_up_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('waiting_since', models.DateTimeField(null=True)),
                ('last_progress_at', models.DateTimeField()),
                ('stalled_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('ladder_level', models.PositiveSmallIntegerField(default=0)),
                ('is_handed_over', models.BooleanField(default=False)),
                ('reopened_count', models.PositiveSmallIntegerField(default=0)),
                ('recurrence', models.PositiveSmallIntegerField(default=1)),
                ('result', models.TextField(blank=True)),
                ('cause_evidence', models.CharField(blank=True, max_length=500)),
                ('corrective_action', models.TextField(blank=True)),
                ('is_won_back', models.BooleanField(null=True)),
                ('search', shouwen.core.search.SearchField(default='', editable=False)),
                ('accused', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='conversations.conversation')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='customers.customer')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.department')),
                ('first_responder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='first_cases', to=settings.AUTH_USER_MODEL)),
                ('handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handled_cases', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='cases.case')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='cases.case')),
            ],
            options={
                'db_table': 'service_case',
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(choices=[('proposal', 'Proposal'), ('remedy', 'Remedy')], max_length=10)),
                ('text', models.TextField()),
                ('options', models.TextField(blank=True)),
                ('role_code', models.CharField(max_length=40)),
                ('asked_at', models.DateTimeField()),
                ('decision', models.CharField(blank=True, choices=[('', 'Open'), ('granted', 'Granted'), ('refused', 'Refused')], default='', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='cases.case')),
            ],
            options={
                'db_table': 'case_approval',
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('visit', 'In person'), ('letter', 'By letter'), ('call', 'By phone'), ('chat', 'By web chat'), ('mail', 'By e-mail'), ('sms', 'By short message'), ('form', 'By form'), ('platform', 'By a platform'), ('other', 'Otherwise')], max_length=10)),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('method', models.CharField(blank=True, max_length=300)),
                ('works_from', models.DateTimeField(null=True)),
                ('is_not_ours', models.BooleanField(default=False)),
                ('other_way_reason', models.CharField(blank=True, max_length=300)),
                ('reply', models.CharField(blank=True, choices=[('', 'No reply yet'), ('accepted', 'Accepted'), ('refused', 'Not accepted')], default='', max_length=10)),
                ('reply_words', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cases.case')),
            ],
            options={
                'db_table': 'case_answer',
            },
        ),
        migrations.CreateModel(
            name='CaseCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('axis', models.CharField(choices=[('category', 'Category'), ('cause', 'Cause')], max_length=10)),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('help', models.CharField(blank=True, max_length=2000)),
                ('needs_evidence', models.BooleanField(default=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='cases.casecategory')),
            ],
            options={
                'db_table': 'case_category',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='category',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.casecategory'),
        ),
        migrations.AddField(
            model_name='case',
            name='cause',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.casecategory'),
        ),
        migrations.CreateModel(
            name='CaseKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('is_complaint', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('definition', models.JSONField()),
                ('pack', models.CharField(blank=True, max_length=40)),
                ('pack_definition', models.JSONField(null=True)),
            ],
            options={
                'db_table': 'case_kind',
                'indexes': [models.Index(condition=models.Q(('is_active', True)), fields=['name'], name='case_kind_name')],
            },
        ),
        migrations.AddField(
            model_name='casecategory',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nodes', to='cases.casekind'),
        ),
        migrations.AddField(
            model_name='case',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cases.casekind'),
        ),
        migrations.CreateModel(
            name='CaseLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('related', 'Related'), ('duplicate', 'Duplicate')], max_length=10)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='cases.case')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='linked_from', to='cases.case')),
            ],
            options={
                'db_table': 'case_link',
            },
        ),
        migrations.CreateModel(
            name='CasePaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='cases.case')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
            ],
            options={
                'db_table': 'case_paper',
            },
        ),
        migrations.CreateModel(
            name='CasePromise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('kept_at', models.DateTimeField(null=True)),
                ('trouble_at', models.DateTimeField(null=True)),
                ('trouble', models.CharField(blank=True, max_length=300)),
                ('customer_told_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='cases.case')),
            ],
            options={
                'db_table': 'case_promise',
            },
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('role_code', models.CharField(max_length=40)),
                ('role_name', models.CharField(max_length=80)),
                ('how', models.CharField(choices=[('hand', 'By hand'), ('missed', 'A clock was missed'), ('major', 'Marked major'), ('urgent', 'Special or urgent')], max_length=8)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('advice', models.CharField(blank=True, max_length=500)),
                ('advised_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='escalations', to='cases.case')),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'case_escalation',
            },
        ),
        migrations.CreateModel(
            name='FollowUpDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owed_since', models.DateTimeField()),
                ('result', models.CharField(blank=True, choices=[('', 'Owed'), ('satisfied', 'Satisfied'), ('fair', 'Fair'), ('dissatisfied', 'Dissatisfied'), ('unreachable', 'Could not be reached'), ('declined', 'Did not want to talk')], default='', max_length=12)),
                ('way', models.CharField(blank=True, choices=[('visit', 'In person'), ('letter', 'By letter'), ('call', 'By phone'), ('chat', 'By web chat'), ('mail', 'By e-mail'), ('sms', 'By short message'), ('form', 'By form'), ('platform', 'By a platform'), ('other', 'Otherwise')], max_length=10)),
                ('at', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='cases.case')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'case_follow_up',
            },
        ),
        migrations.CreateModel(
            name='HandOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(max_length=300)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('customer_words', models.TextField()),
                ('state', models.CharField(choices=[('sent', 'Sent'), ('received', 'Received'), ('done', 'Done'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='sent', max_length=10)),
                ('sent_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('last_progress_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('result', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_offs', to='cases.case')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_offs', to='accounts.department')),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_offs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'case_hand_off',
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.CharField(max_length=24, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('event_type', models.CharField(blank=True, max_length=80)),
                ('found_at', models.DateTimeField()),
                ('reported_at', models.DateTimeField(null=True)),
                ('measures', models.TextField(blank=True)),
                ('result', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'case_incident',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='incident',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cases.incident'),
        ),
        migrations.CreateModel(
            name='Misconduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('concealed', 'Complaint concealed'), ('unrecorded', 'Complaint not recorded or reported'), ('favour', 'Favouritism or private gain'), ('bribe', 'Money or goods asked for or taken'), ('other', 'Other')], max_length=12)),
                ('text', models.TextField()),
                ('reported_at', models.DateTimeField()),
                ('grade', models.PositiveSmallIntegerField(choices=[(0, 'Not graded yet'), (1, 'Self-criticism in the department'), (2, 'Base pay only for the month'), (3, 'Dismissal')], default=0)),
                ('grade_reason', models.CharField(blank=True, max_length=500)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='misconduct', to='cases.case')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='misconduct', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'case_misconduct',
            },
        ),
        migrations.CreateModel(
            name='ProgressNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('told_way', models.CharField(blank=True, choices=[('visit', 'In person'), ('letter', 'By letter'), ('call', 'By phone'), ('chat', 'By web chat'), ('mail', 'By e-mail'), ('sms', 'By short message'), ('form', 'By form'), ('platform', 'By a platform'), ('other', 'Otherwise')], max_length=10)),
                ('customer_opinion', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='cases.case')),
                ('hand_off', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='cases.handoff')),
            ],
            options={
                'db_table': 'case_progress',
            },
        ),
        migrations.CreateModel(
            name='Remedy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('amount_fen', models.BigIntegerField(default=0)),
                ('cost_fen', models.BigIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('waiting', 'Waits for approval'), ('refused', 'Not approved'), ('offered', 'Offered'), ('accepted', 'Accepted'), ('declined', 'Declined by the customer'), ('done', 'Carried out')], max_length=10)),
                ('at', models.DateTimeField()),
                ('customer_words', models.CharField(blank=True, max_length=300)),
                ('approval', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remedy', to='cases.approval')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remedies', to='cases.case')),
            ],
            options={
                'db_table': 'case_remedy',
            },
        ),
        migrations.CreateModel(
            name='StepDone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('skip_reason', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps_done', to='cases.case')),
            ],
            options={
                'db_table': 'case_step',
            },
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('decision', '')), fields=['role_code', 'asked_at'], name='approval_open'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('decision', '')), models.Q(models.Q(('decision', ''), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='case_approval_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='case_approval_by_another'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('about', 'proposal'), ('decision', '')), fields=('case', 'about'), name='case_one_open_proposal'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['case', 'at'], name='case_answer_at'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('is_not_ours', True), models.Q(('works_from__isnull', False), models.Q(('method', ''), _negated=True)), _connector='OR'), name='case_answer_is_concrete'),
        ),
        migrations.AddConstraint(
            model_name='casecategory',
            constraint=models.UniqueConstraint(fields=('kind', 'axis', 'code'), name='case_category_once'),
        ),
        migrations.AddConstraint(
            model_name='caselink',
            constraint=models.UniqueConstraint(fields=('case', 'other'), name='case_link_once'),
        ),
        migrations.AddConstraint(
            model_name='caselink',
            constraint=models.CheckConstraint(condition=models.Q(('case', models.F('other')), _negated=True), name='case_link_to_another'),
        ),
        migrations.AddIndex(
            model_name='casepaper',
            index=models.Index(fields=['case', 'at'], name='case_paper_at'),
        ),
        migrations.AddIndex(
            model_name='casepromise',
            index=models.Index(condition=models.Q(('kept_at', None)), fields=['due_at'], name='case_promise_open'),
        ),
        migrations.AddConstraint(
            model_name='casepromise',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('at'))), name='case_promise_lies_ahead'),
        ),
        migrations.AddIndex(
            model_name='escalation',
            index=models.Index(fields=['to', '-at'], name='escalation_to'),
        ),
        migrations.AddConstraint(
            model_name='followupduty',
            constraint=models.UniqueConstraint(condition=models.Q(('result', '')), fields=('case',), name='case_one_follow_up_owed'),
        ),
        migrations.AddConstraint(
            model_name='followupduty',
            constraint=models.CheckConstraint(condition=models.Q(('result', ''), models.Q(('at__isnull', False), ('by__isnull', False)), _connector='OR'), name='case_follow_up_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['department', 'due_at'], name='hand_off_owed'),
        ),
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['last_progress_at'], name='hand_off_silent'),
        ),
        migrations.AddConstraint(
            model_name='handoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('result', ''), _negated=True), _connector='OR'), name='hand_off_done_has_result'),
        ),
        migrations.AddConstraint(
            model_name='handoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ('sent', 'received'))), models.Q(('ended_at__isnull', False), ('state__in', ('done', 'returned', 'withdrawn'))), _connector='OR'), name='hand_off_ended_has_time'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(fields=['-found_at'], name='incident_recent'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['department', '-opened_at', '-id'], name='case_of_department'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['kind', '-opened_at', '-id'], name='case_of_kind'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['handler', '-opened_at', '-id'], name='case_of_handler'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-opened_at', '-id'], name='case_recent'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['customer', '-opened_at'], name='case_of_customer'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['due_at', 'id'], name='case_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['stage', 'due_at', 'id'], name='case_on_board'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['last_progress_at'], name='case_silent'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('place', ''), _negated=True), fields=['kind', 'place', '-opened_at'], name='case_at_place'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['first_responder', '-opened_at'], name='case_first_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='case_search'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('stage', 'archive'), ('merged_into__isnull', False), _connector='OR'), name='case_closed_from_archive'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('stage', 'accept'), ('accepted_at__isnull', False), _connector='OR'), name='case_beyond_acceptance_was_accepted'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('validity', 'invalid'), _negated=True), models.Q(('validity_reason', ''), _negated=True), _connector='OR'), name='case_invalid_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('accused__isnull', True), ('handler__isnull', True), models.Q(('accused', models.F('handler')), _negated=True), _connector='OR'), name='case_handler_is_not_accused'),
        ),
        migrations.AddConstraint(
            model_name='misconduct',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='misconduct_approved_by_another'),
        ),
        migrations.AddIndex(
            model_name='progressnote',
            index=models.Index(fields=['case', 'at'], name='case_progress_at'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0), ('cost_fen__gte', 0)), name='case_remedy_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='stepdone',
            constraint=models.UniqueConstraint(fields=('case', 'code'), name='case_step_once'),
        ),
    ]
