from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "corroborate_node.exchange"
    label = "exchange"
