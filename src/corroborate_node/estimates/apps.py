from django.apps import AppConfig


class EstimatesConfig(AppConfig):
    name = "corroborate_node.estimates"
    label = "estimates"
