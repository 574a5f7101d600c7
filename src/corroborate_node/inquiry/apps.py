from django.apps import AppConfig


class InquiryConfig(AppConfig):
    name = "corroborate_node.inquiry"
    label = "inquiry"
