from django.apps import AppConfig


class AdvocacyConfig(AppConfig):
    name = "corroborate_node.coalition.advocacy"
    label = "advocacy"
