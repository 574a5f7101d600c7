from django.apps import AppConfig


class SurvivorConfig(AppConfig):
    name = "corroborate_node.survivor"
    label = "survivor"
