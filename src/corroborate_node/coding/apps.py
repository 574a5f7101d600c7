from django.apps import AppConfig


class CodingConfig(AppConfig):
    name = "corroborate_node.coding"
    label = "coding"
