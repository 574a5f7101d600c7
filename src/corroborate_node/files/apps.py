from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "corroborate_node.files"
    label = "files"
