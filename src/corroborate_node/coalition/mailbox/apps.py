from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "corroborate_node.coalition.mailbox"
    label = "mailbox"
