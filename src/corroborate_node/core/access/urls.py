"""Coming in, accounts, permissions and the journal, by address."""

from django.urls import path

from corroborate_node.core.access import programs, second, views
from corroborate_node.core.gate import logged_in, open_to_all, page

urlpatterns = [
    path("log-in", open_to_all(views.log_in), name="log-in"),
    path("second-factor", open_to_all(second.second_factor), name="second-factor"),
    path("second-factor/passkey.js", open_to_all(second.script)),
    path("second-factors", logged_in(second.second_factors), name="second-factors"),
    path("second-factors/code", logged_in(second.add_code), name="add-code"),
    path("second-factors/passkey", logged_in(second.add_passkey), name="add-passkey"),
    path("lost-second-factors", page("factor.reset-confirm", second.lost), name="lost-second-factors"),
    path("log-out", open_to_all(views.log_out), name="log-out"),
    path("confirm", logged_in(views.confirm), name="confirm"),
    path("choose-passphrase", logged_in(views.choose_passphrase), name="choose-passphrase"),
    path("own-sessions", page("account.own", views.own_sessions), name="own-sessions"),
    path("tokens", page("token.make", programs.tokens), name="tokens"),
    path("vouch", page("account.vouch", views.vouch), name="vouch"),
    path("accounts", page("account.keep", views.accounts), name="accounts"),
    path("why", page("account.own", views.why), name="why"),
    path("journal", page("journal.read", views.journal), name="journal"),
]
