from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "corroborate_node.core"
    label = "core"

    def ready(self) -> None:
        from corroborate_node.core import sessions

        sessions.listen()
