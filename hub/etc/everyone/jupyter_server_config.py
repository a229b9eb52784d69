"""Jupyter's servers on the hub, for every account."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (traitlets gives it on loading)

# Kernels speak through sockets in a private folder: a port on loopback can be listened to by every
# account.
c.KernelManager.transport = "ipc"

c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

# Validate and Autograde run for half a minute: the server must go on meanwhile.
c.ServerApp.jpserver_extensions = {"ntk_patience": True}
