"""Addresses of a piece and what belongs to it."""

from django.urls import path

from infohub.web.items import views

app_name = "items"

urlpatterns = [
    path("<str:ref>", views.item, name="item"),
    path("<str:ref>/comments", views.add_comment, name="comment"),
    path("<str:ref>/acknowledge", views.acknowledge_item, name="acknowledge"),
    path("<str:ref>/withdraw", views.withdraw_item, name="withdraw"),
    path("<str:ref>/review", views.review, name="review"),
    path("<str:ref>/files/<uuid:handle>", views.attachment, name="attachment"),
]
