from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "corroborate_node.finding"
    label = "finding"
