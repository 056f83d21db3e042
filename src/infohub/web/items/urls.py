"""Addresses of a piece and what belongs to it."""

from django.urls import path

from infohub.web.items import correcting, discussing, exports, indicators, reading, relations, suggesting, texts, views

app_name = "items"

urlpatterns = [
    path("<str:ref>", views.item, name="item"),
    path("<str:ref>/comments", discussing.add, name="comment"),
    path("<str:ref>/comments/<int:pk>", discussing.change, name="change_comment"),
    path("<str:ref>/comments/<int:pk>/order", discussing.keep_order, name="keep_order"),
    path("<str:ref>/acknowledge", views.acknowledge_item, name="acknowledge"),
    path("<str:ref>/sighting", views.say_sighting, name="sighting"),
    path("<str:ref>/pin", views.say_pin, name="pin"),
    path("<str:ref>/course", views.say_course, name="course"),
    path("<str:ref>/withdraw", views.withdraw_item, name="withdraw"),
    path("<str:ref>/review", views.review, name="review"),
    path("<str:ref>/edit", correcting.correct, name="correct"),
    path("<str:ref>/suggestions", suggesting.write, name="suggest"),
    path("<str:ref>/suggestions/<int:pk>", suggesting.look, name="suggestion"),
    path("<str:ref>/words/<str:language>", texts.words, name="words"),
    path("<str:ref>/revisions", correcting.revisions, name="revisions"),
    path("<str:ref>/indicators/<int:pk>", indicators.say_false, name="say_false"),
    path("<str:ref>/relations", relations.relations, name="relations"),
    path("<str:ref>/findings/<int:pk>", reading.decide_finding, name="decide_finding"),
    path("<str:ref>/export/<str:form>", exports.export, name="export"),
    path("<str:ref>/files/<uuid:handle>", views.attachment, name="attachment"),
]
