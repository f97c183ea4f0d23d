"""Background work: the only module that knows the job library.

A job is a function of plain values that may run twice without harm. Its row is written in the
transaction of the change, so it exists if and only if the change does.
"""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import procrastinate
from django.db import connection, transaction
from procrastinate import builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from shouwen.core.logs import doing

logger = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., None])

# A worker that was killed leaves its jobs behind; they are taken over after this many seconds, and
# five more until somebody looks.
LEASE_SECONDS = 20
ATTEMPTS = 8
BEGIN_AGAIN_SECONDS = 1.0
JUMP_SECONDS = 60.0
JUMP_LOOK_SECONDS = 0.5
_names: dict[Callable[..., None], str] = {}


def _retry() -> procrastinate.RetryStrategy:
    return procrastinate.RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)


def job(function: F) -> F:
    """Make a function of keyword arguments a background job, retried with back-off."""
    name = f"{function.__module__}.{function.__qualname__}"
    app.task(name=name, retry=_retry(), queue="default")(function)
    _names[function] = name
    return function


def every(cron: str) -> Callable[[F], F]:
    """Run a function without arguments on a schedule: five cron fields, or six with seconds last.

    Many workers run it once a time between them.
    """

    def register(function: F) -> F:
        name = f"{function.__module__}.{function.__qualname__}"

        def scheduled(timestamp: int) -> None:  # noqa: ARG001 - demanded by the library
            function()

        task = app.task(name=name, queue="timers", queueing_lock=name)(scheduled)
        app.periodic(cron=cron)(task)
        return function

    return register


def enqueue(
    function: Callable[..., None],
    *,
    at: datetime | None = None,
    key: str | None = None,
    **arguments: Any,
) -> None:
    """The job is written down, to run at once or at `at`.

    With `key`, an equal job that still waits makes this one unnecessary. Jobs that share a
    `lock` argument are not offered: order is the business of the rows they work on.
    """
    options: dict[str, Any] = {"name": _names[function]}
    if at is not None:
        options["schedule_at"] = at
    if key is None:
        app.configure_task(**options).defer(**arguments)
        return
    try:
        with transaction.atomic():
            app.configure_task(**options, queueing_lock=key).defer(**arguments)
    except procrastinate.exceptions.AlreadyEnqueued:
        return


def enqueue_all(function: Callable[..., None], many: Sequence[dict[str, Any]]) -> None:
    """One job for each set of arguments, to run at once; all are written down together."""
    if many:
        app.configure_task(name=_names[function]).batch_defer(*many)


@dataclass(frozen=True)
class JobFigures:
    """What waits, what runs and what failed in the job queue.

    `failed_lately` failed within a day; `stalled` belong to a worker that has given no sign for long.
    """

    waiting: int
    running: int
    failed: int
    failed_lately: int
    stalled: int
    oldest_waiting_at: datetime | None


def job_figures(at: datetime) -> JobFigures:
    """How the queue stands: jobs due by `at` that wait, run, and failed for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, %(at)s) <= %(at)s),
                   count(*) FILTER (WHERE status = 'doing'),
                   count(*) FILTER (WHERE status = 'failed'),
                   count(*) FILTER (WHERE status = 'failed' AND EXISTS (
                       SELECT FROM procrastinate_events e
                       WHERE e.job_id = j.id AND e.type = 'failed'
                         AND e.at > %(at)s - interval '1 day')),
                   count(*) FILTER (WHERE status = 'doing' AND NOT EXISTS (
                       SELECT FROM procrastinate_workers w
                       WHERE w.id = j.worker_id
                         AND w.last_heartbeat > %(at)s - %(lease)s * interval '3 seconds')),
                   min(coalesce(scheduled_at, (SELECT min(e.at) FROM procrastinate_events e
                                               WHERE e.job_id = j.id AND e.type = 'deferred')))
                       FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, %(at)s) <= %(at)s)
            FROM procrastinate_jobs j
            WHERE status IN ('todo', 'doing', 'failed')
            """,
            {"at": at, "lease": LEASE_SECONDS},
        )
        waiting, running, failed, failed_lately, stalled, oldest = cursor.fetchone()
    return JobFigures(
        waiting=waiting,
        running=running,
        failed=failed,
        failed_lately=failed_lately,
        stalled=stalled,
        oldest_waiting_at=oldest,
    )


def run_waiting_jobs(limit: int = 100) -> int:
    """Run what waits, here and now, in the order it was written; for tests and small commands.

    Returns how many jobs ran. A job that raises does so here.
    """
    done = 0
    while done < limit:
        row = ProcrastinateJob.objects.filter(status="todo").order_by("pk").first()
        if row is None:
            break
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [row.pk])
            app.tasks[row.task_name].func(**row.args)
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [row.pk]
            )
        done += 1
    return done


def _in_log(call_next: Callable[[], Any], context: procrastinate.JobContext, worker: object) -> Any:
    """What a job logs carries its number and name."""
    del worker
    with doing(job=context.job.id or 0, task=context.job.task_name):
        return call_next()


async def run_worker(*, concurrency: int) -> None:
    """Work until the process is told to stop; a stop waits a few seconds for running jobs.

    A database that goes away interrupts the work and does not end the process: services in it may
    hold what only they can record, such as a mail that its server has just taken.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        try:
            await _work_until(stopping, concurrency)
        except procrastinate.exceptions.ConnectorException as error:
            logger.warning("background jobs lost the database: %s", error.__cause__ or error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), BEGIN_AGAIN_SECONDS)


async def _work_until(stopping: asyncio.Event, concurrency: int) -> None:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        work = asyncio.ensure_future(
            worker_app.run_worker_async(
                concurrency=concurrency,
                shutdown_graceful_timeout=8,
                fetch_job_polling_interval=2,
                update_heartbeat_interval=5,
                stalled_worker_timeout=LEASE_SECONDS,
                delete_jobs="never",
                task_middleware=[_in_log],
                install_signal_handlers=False,
            )
        )
        ends = {asyncio.ensure_future(one) for one in (stopping.wait(), _clock_jump())}
        await asyncio.wait({work, *ends}, return_when=asyncio.FIRST_COMPLETED)
        for one in (work, *ends):
            one.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


async def _clock_jump() -> None:
    """Returns when the clock on the wall was moved.

    The library counts timers from the last one it saw: after a jump ahead it would catch up on every
    one that never was, millions for a year; after a jump back it would be silent until the clock is
    there again. Begun anew it counts from now.
    """
    apart = time.time() - time.monotonic()
    while abs(time.time() - time.monotonic() - apart) < JUMP_SECONDS:
        await asyncio.sleep(JUMP_LOOK_SECONDS)
    logger.warning("the clock was moved: timers count anew")


@app.periodic(cron="*/1 * * * * */5")
@app.task(queue="timers", queueing_lock="core.take_over", name="core.take_over", pass_context=True)
async def take_over_stalled_jobs(context: procrastinate.JobContext, timestamp: int) -> None:
    """Jobs of a worker that died are queued again."""
    del timestamp
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=LEASE_SECONDS):
        await manager.retry_job(stalled)


@app.periodic(cron="17 3 * * *")
@app.task(queue="timers", queueing_lock="core.tidy", name="core.tidy_jobs", pass_context=True)
async def tidy_jobs(context: procrastinate.JobContext, timestamp: int) -> None:
    """Finished jobs are kept three days, failed ones thirty."""
    del timestamp
    await builtin_tasks.remove_old_jobs(context, max_hours=72)
    await builtin_tasks.remove_old_jobs(
        context, max_hours=720, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )
