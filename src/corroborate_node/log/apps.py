from django.apps import AppConfig


class WitnessingConfig(AppConfig):
    name = "corroborate_node.log"
    label = "witnessing"
