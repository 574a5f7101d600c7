from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "corroborate_node.deadlines"
    label = "deadlines"
