from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "corroborate_node.records"
    label = "evidence"
