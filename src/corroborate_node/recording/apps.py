from django.apps import AppConfig


class RecordingConfig(AppConfig):
    name = "corroborate_node.recording"
    label = "recording"
