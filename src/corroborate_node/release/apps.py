from django.apps import AppConfig


class PackagesConfig(AppConfig):
    name = "corroborate_node.release"
    label = "packages"
