"""Addresses of customers."""

from django.urls import path

from shouwen.customers.views import edits, lists, pages

app_name = "customers"
urlpatterns = [
    path("", pages.customer_list, name="list"),
    path("new", pages.customer_new, name="new"),
    path("tags", lists.tag_list, name="tag_list"),
    path("tags/new", lists.tag_new, name="tag_new"),
    path("tags/<int:tag_id>", lists.tag_edit, name="tag_edit"),
    path("groups/new", lists.group_new, name="group_new"),
    path("<int:customer_id>", pages.customer_file, name="file"),
    path("<int:customer_id>/card", pages.customer_card_fragment, name="card"),
    path("<int:customer_id>/reveal/<slug:field>", pages.reveal, name="reveal"),
    path("<int:customer_id>/name", edits.name, name="name"),
    path("<int:customer_id>/flag", edits.flag, name="flag"),
    path("<int:customer_id>/remarks", edits.remarks, name="remarks"),
    path("<int:customer_id>/tags", edits.tags, name="tags"),
    path("<int:customer_id>/quality", edits.quality, name="quality"),
    path("<int:customer_id>/contacts/new", edits.contact_new, name="contact_new"),
    path(
        "<int:customer_id>/contacts/<int:contact_id>/primary",
        edits.contact_primary,
        name="contact_primary",
    ),
    path(
        "<int:customer_id>/contacts/<int:contact_id>/remove",
        edits.contact_remove,
        name="contact_remove",
    ),
    path("<int:customer_id>/contacts/<int:contact_id>/friend", edits.friend, name="friend"),
    path("<int:customer_id>/assets/new", edits.asset_new, name="asset_new"),
    path("<int:customer_id>/assets/<int:asset_id>", edits.asset_edit, name="asset_edit"),
    path("<int:customer_id>/assets/<int:asset_id>/remove", edits.asset_remove, name="asset_remove"),
]
