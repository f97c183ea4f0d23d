"""Jobs: written with the change, run by a worker, tried again when they fail."""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from shouwen.core.jobs import enqueue, every, job, job_figures, run_waiting_jobs, run_worker

done: list[str] = []
failures_left: list[int] = []


@job
def note_down(*, words: str) -> None:
    done.append(words)


@job
def succeed_at_last() -> None:
    if failures_left:
        failures_left.pop()
        raise OSError("not yet")
    done.append("at last")


@every("0 4 31 12 *")
def look_around() -> None:
    done.append("looked")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()
    failures_left.clear()


@pytest.mark.django_db
class TestEnqueue:
    def test_runs_in_the_order_written_with_its_values(self):
        enqueue(note_down, words="一")
        enqueue(note_down, words="二")

        assert run_waiting_jobs() == 2
        assert done == ["一", "二"]
        assert run_waiting_jobs() == 0

    def test_a_change_that_is_undone_leaves_no_job(self):
        with contextlib.suppress(KeyError), transaction.atomic():
            enqueue(note_down, words="undone")
            raise KeyError

        assert not ProcrastinateJob.objects.exists()

    def test_an_equal_key_that_waits_makes_it_unnecessary(self):
        enqueue(note_down, key="k", words="first")
        enqueue(note_down, key="k", words="second")
        enqueue(note_down, key="other", words="third")

        run_waiting_jobs()

        assert done == ["first", "third"]

    def test_a_key_is_free_again_when_its_job_ran(self):
        enqueue(note_down, key="k", words="first")
        run_waiting_jobs()
        enqueue(note_down, key="k", words="second")
        run_waiting_jobs()

        assert done == ["first", "second"]

    def test_later_is_written_down_as_later(self):
        at = timezone.now() + timedelta(hours=1)

        enqueue(note_down, at=at, words="later")

        assert ProcrastinateJob.objects.get().scheduled_at == at

    def test_a_bounded_run_leaves_the_rest(self):
        for number in range(3):
            enqueue(note_down, words=str(number))

        assert run_waiting_jobs(limit=2) == 2
        assert done == ["0", "1"]

    def test_what_fails_here_and_now_raises(self):
        failures_left.append(1)
        enqueue(succeed_at_last)

        with pytest.raises(OSError, match="not yet"):
            run_waiting_jobs()


@pytest.mark.django_db
class TestFigures:
    def test_tell_what_waits_runs_and_failed(self):
        now = timezone.now()
        enqueue(note_down, words="due")
        enqueue(note_down, at=now + timedelta(hours=1), words="later")
        for status in ("doing", "failed"):
            enqueue(note_down, words=status)
            last = ProcrastinateJob.objects.latest("pk").pk
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s",
                    [status, last],
                )

        figures = job_figures(timezone.now())

        assert (figures.waiting, figures.running, figures.failed) == (1, 1, 1)
        assert figures.oldest_waiting_at is not None

    def test_an_empty_queue_has_no_oldest(self):
        assert job_figures(timezone.now()).oldest_waiting_at is None


def work_until(is_over) -> None:
    """A real worker runs until the condition holds, ten seconds at most."""

    def look() -> bool:
        try:
            return is_over()
        finally:
            connection.close()

    async def go() -> None:
        worker = asyncio.create_task(run_worker(concurrency=2))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                while not await asyncio.to_thread(look):
                    await asyncio.sleep(0.05)
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker

    asyncio.run(go())


class TestWorker:
    def test_tries_again_what_failed_later_and_not_for_ever(self, committed):
        failures_left.append(1)
        enqueue(succeed_at_last)
        waiting = ProcrastinateJob.objects.filter(task_name__endswith="succeed_at_last")

        work_until(lambda: waiting.get().attempts == 1)
        row = waiting.get()
        assert row.status == "todo"
        assert row.scheduled_at > timezone.now()

        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
        work_until(lambda: waiting.get().status == "succeeded")
        assert done == ["at last"]

    def test_takes_over_what_a_dead_worker_left(self, committed):
        enqueue(note_down, words="left behind")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
                " RETURNING id"
            )
            dead = cursor.fetchone()[0]
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
        app.configure_task(name="core.take_over").defer(timestamp=0)

        work_until(lambda: "left behind" in done)

        assert done == ["left behind"]


def test_a_schedule_runs_the_function_without_its_timestamp():
    name = f"{look_around.__module__}.{look_around.__qualname__}"

    app.tasks[name].func(timestamp=0)

    assert done == ["looked"]
