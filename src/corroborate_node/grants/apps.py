from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "corroborate_node.grants"
    label = "grants"
