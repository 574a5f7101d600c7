"""The ground floor of a running vault or hub: who acts, who may, what is kept of it. Imports no room."""
