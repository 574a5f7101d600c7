from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "corroborate_node.importing"
    label = "importing"
