from django.apps import AppConfig


class HttpApiConfig(AppConfig):
    name = "corroborate_node.http_api"
    label = "http_api"
