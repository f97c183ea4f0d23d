"""Job descriptions: written, reviewed by somebody of the trade, published; their inbox."""

import pytest
from django.utils import timezone

from shouwen.accounts.models import PostProfile
from shouwen.accounts.operations.departments import change_company
from shouwen.accounts.operations.post_seeds import install_posts
from shouwen.accounts.operations.posts import (
    PostCodeTaken,
    PostInWrongState,
    PostNotReviewed,
    PostReceivesNothing,
    answer_post_message,
    change_post,
    publish_post,
    review_post,
    send_post_for_review,
    send_to_post,
    write_post,
)
from shouwen.accounts.operations.roles import install_roles
from shouwen.accounts.queries import omitted_parts, post_inbox, stiff_words_in, visible_posts
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return StaffFactory(role="supervisor")


@pytest.fixture
def expert():
    return StaffFactory(role="service_manager")


def review(post, expert, verdict="approve"):
    return review_post(
        post.pk,
        experience="十年物业客服",
        comment="写清楚了",
        verdict=verdict,
        at=timezone.now(),
        by=expert,
    )


class TestWriting:
    @pytest.mark.duty("D130")
    def test_each_skill_says_how_well(self, author):
        post = write_post(code="a", name="客服", skills=[("打字", "skilled")], by=author)
        assert [(one.name, one.level) for one in post.skills.all()] == [("打字", "skilled")]
        with pytest.raises(ValueError, match="familiar"):
            write_post(code="b", name="客服", skills=[("打字", "familiar")], by=author)

    @pytest.mark.duty("D111")
    def test_warns_of_what_is_easily_left_out(self, author):
        post = write_post(code="a", name="客服", training="每月一次", by=author)
        names = ("emergency", "holiday_duty", "reply_limits", "soft_skills", "daily_log")
        assert len(omitted_parts(post)) == len(names)
        change_post(post.pk, by=author, **dict.fromkeys(names, "有"))
        post.refresh_from_db()
        assert omitted_parts(post) == []

    @pytest.mark.duty("D129")
    def test_hints_at_stiff_words_the_company_lists(self, author):
        post = write_post(code="a", name="客服", duties="必须完成任务\n绝对服从", by=author)
        assert stiff_words_in(post) == ["必须完成"]
        change_company(stiff_words="绝对服从", by=StaffFactory(role="administrator"))
        assert stiff_words_in(post) == ["绝对服从"]

    def test_refuses_a_taken_code_and_who_may_not(self, author):
        write_post(code="a", name="客服", by=author)
        with pytest.raises(PostCodeTaken):
            write_post(code="a", name="客服", by=author)
        with pytest.raises(NotPermitted):
            write_post(code="b", name="客服", by=StaffFactory(role="agent"))


class TestReview:
    @pytest.mark.duty("D131")
    def test_is_published_only_after_somebody_of_the_trade_agreed(self, author, expert):
        post = write_post(code="a", name="客服", by=author)
        with pytest.raises(PostInWrongState):
            publish_post(post.pk, at=timezone.now(), by=expert)
        send_post_for_review(post.pk, by=author)
        with pytest.raises(PostNotReviewed):
            publish_post(post.pk, at=timezone.now(), by=expert)
        assert review(post, expert).experience == "十年物业客服"

        publish_post(post.pk, at=timezone.now(), by=expert)

        assert list(visible_posts(StaffFactory(role="agent"))) == [post]

    def test_returned_it_is_a_draft_and_hidden(self, author, expert):
        post = write_post(code="a", name="客服", by=author)
        send_post_for_review(post.pk, by=author)
        review(post, expert, verdict="return")
        post.refresh_from_db()
        assert post.status == PostProfile.Status.DRAFT
        assert not visible_posts(StaffFactory(role="agent")).exists()

    def test_nobody_reviews_their_own_and_nobody_without_words(self, expert):
        post = write_post(code="a", name="客服", by=expert)
        send_post_for_review(post.pk, by=expert)
        with pytest.raises(NotPermitted):
            review(post, expert)
        with pytest.raises(Refused):
            review_post(
                post.pk,
                experience="",
                comment="x",
                verdict="approve",
                at=timezone.now(),
                by=StaffFactory(role="service_manager"),
            )

    def test_a_change_needs_a_new_review(self, author, expert):
        post = write_post(code="a", name="客服", by=author)
        send_post_for_review(post.pk, by=author)
        review(post, expert)
        publish_post(post.pk, at=timezone.now(), by=expert)
        change_post(post.pk, overview="新", by=author)
        post.refresh_from_db()
        assert post.status == PostProfile.Status.DRAFT


@pytest.fixture
def seeds():
    install_roles()
    install_posts()
    return {post.code: post for post in PostProfile.objects.all()}


class TestSeeds:
    def test_twice_changes_nothing(self, seeds):
        assert install_posts() == []

    @pytest.mark.duty("D320", "D324")
    def test_the_product_manager_has_duties_skills_and_environment(self, seeds):
        post = seeds["product-manager"]
        assert "制定产品策略" in post.duties
        assert post.skills.count() == 3
        assert "办公室" in post.environment
        assert "feedback" in post.receives
        assert "加班" in seeds["operations-manager"].overtime

    @pytest.mark.duty("D321", "D322")
    def test_operations_and_service_are_there(self, seeds):
        assert "营销计划" in seeds["operations-manager"].duties
        assert "流量和销售额" in seeds["operations-manager"].duties
        assert "feedback" in seeds["operations-manager"].receives
        for word in ("咨询", "售后", "投诉和纠纷", "客户关系"):
            assert word in seeds["service-agent"].duties

    @pytest.mark.duty("D368")
    def test_names_whom_to_ask_and_that_it_is_an_example(self, seeds):
        assert all(post.contact == "人力资源部门" for post in seeds.values())
        assert all(post.is_example for post in seeds.values())


class TestInbox:
    @pytest.mark.duty("D325", "D320")
    def test_what_service_sends_reaches_who_holds_the_post_and_is_answered(self, seeds):
        agent, engineer = StaffFactory(role="agent"), StaffFactory(role="software_engineer")
        post = seeds["software-engineer"]
        bug = send_to_post(post.pk, kind="bugs", text="结算页白屏", at=timezone.now(), by=agent)
        assert list(post_inbox(post, engineer)) == [bug]
        assert list(post_inbox(post, StaffFactory(role="agent"))) == []
        with pytest.raises(NotPermitted):
            answer_post_message(bug.pk, answer="好", at=timezone.now(), by=agent)

        answer_post_message(bug.pk, answer="已修复", at=timezone.now(), by=engineer)

        assert post_inbox(post, agent).get().answer == "已修复"

    def test_refuses_what_the_post_does_not_take_and_empty_words(self, seeds):
        agent = StaffFactory(role="agent")
        with pytest.raises(PostReceivesNothing):
            send_to_post(
                seeds["service-agent"].pk, kind="bugs", text="x", at=timezone.now(), by=agent
            )
        with pytest.raises(Refused):
            send_to_post(
                seeds["software-engineer"].pk, kind="bugs", text=" ", at=timezone.now(), by=agent
            )
