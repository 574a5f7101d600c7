from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "corroborate_node.review"
    label = "review"
