"""nbgrader on the hub, for every account. The course's own settings are in the course's folder."""

import os

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (traitlets gives it on loading)

c.Exchange.root = os.environ.get("NTK_EXCHANGE", "/var/lib/ntk-hub/exchange")
c.Exchange.path_includes_course = True
c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
c.ExchangeFactory.exchange = "ntk_exchange.Exchange"
c.ExchangeFactory.collect = "ntk_exchange.Collect"
c.ExchangeFactory.fetch_assignment = "ntk_exchange.FetchAssignment"
c.ExchangeFactory.fetch_feedback = "ntk_exchange.FetchFeedback"
c.ExchangeFactory.list = "ntk_exchange.ListAssignments"
c.ExchangeFactory.release_assignment = "ntk_exchange.ReleaseAssignment"
c.ExchangeFactory.release_feedback = "ntk_exchange.ReleaseFeedback"
c.ExchangeFactory.submit = "ntk_exchange.Submit"

# Validate runs the whole notebook; its longest cell takes five seconds on an idle core.
c.Execute.timeout = 300
c.ExecutePreprocessor.timeout = 300
