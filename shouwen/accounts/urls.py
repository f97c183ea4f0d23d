"""Addresses of accounts."""

from django.urls import path

from shouwen.accounts.views import me, organisation, people, posts, signin

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.sign_in_code, name="sign_in_code"),
    path("sign-out/", signin.sign_out_view, name="sign_out"),
    path("password/reset/", signin.password_reset_ask, name="password_reset_ask"),
    path("password/reset/<str:token>/", signin.password_reset_set, name="password_reset_set"),
    path("me/", me.profile, name="profile"),
    path("me/password/", me.password_change, name="password_change"),
    path("me/sign-ins/", me.sign_ins, name="sign_ins"),
    path("me/sign-ins/end-others/", me.sign_in_end_others, name="sign_in_end_others"),
    path("me/sign-ins/<int:sign_in_id>/end/", me.sign_in_end, name="sign_in_end"),
    path("me/second-factor/", me.second_factor, name="second_factor"),
    path("presence/", me.presence, name="presence"),
    path("presence/totals/", organisation.presence_day, name="presence_day"),
    path("staff/", people.staff_list, name="staff_list"),
    path("staff/new/", people.staff_new, name="staff_new"),
    path("staff/choices/", people.staff_choices, name="staff_choices"),
    path("staff/<int:staff_id>/", people.staff_edit, name="staff_edit"),
    path("staff/<int:staff_id>/card.txt", people.group_card_of, name="group_card"),
    path("staff/<int:staff_id>/act/<slug:action>/", people.staff_act, name="staff_act"),
    path(
        "staff/<int:staff_id>/sign-ins/<int:sign_in_id>/end/",
        people.staff_sign_in_end,
        name="staff_sign_in_end",
    ),
    path("directory/", people.directory, name="directory"),
    path("directory/cards.txt", people.group_cards, name="group_cards"),
    path("departments/", organisation.department_list, name="department_list"),
    path("departments/found/", organisation.department_found, name="department_found"),
    path("departments/new/", organisation.department_new, name="department_new"),
    path("departments/responsibilities/", organisation.responsibilities, name="responsibilities"),
    path("departments/<int:department_id>/", organisation.department_edit, name="department_edit"),
    path(
        "departments/<int:department_id>/close/",
        organisation.department_close,
        name="department_close",
    ),
    path("roles/", organisation.role_list, name="role_list"),
    path("roles/new/", organisation.role_new, name="role_new"),
    path("roles/matrix/", organisation.role_matrix, name="role_matrix"),
    path("roles/<int:role_id>/", organisation.role_edit, name="role_edit"),
    path("read-log/", organisation.read_log, name="read_log"),
    path("posts/", posts.post_list, name="post_list"),
    path("posts/new/", posts.post_new, name="post_new"),
    path("posts/<int:post_id>/", posts.post_detail, name="post_detail"),
    path("posts/<int:post_id>/edit/", posts.post_edit, name="post_edit"),
    path(
        "posts/<int:post_id>/send-for-review/",
        posts.post_send_for_review,
        name="post_send_for_review",
    ),
    path("posts/<int:post_id>/review/", posts.post_review, name="post_review"),
    path("posts/<int:post_id>/publish/", posts.post_publish, name="post_publish"),
    path("posts/<int:post_id>/messages/", posts.post_message, name="post_message"),
    path(
        "posts/<int:post_id>/messages/<int:message_id>/answer/",
        posts.post_message_answer,
        name="post_message_answer",
    ),
]
