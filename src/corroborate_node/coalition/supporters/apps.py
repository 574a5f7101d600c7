from django.apps import AppConfig


class SupportersConfig(AppConfig):
    name = "corroborate_node.coalition.supporters"
    label = "supporters"
