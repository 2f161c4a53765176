"""The Django project: settings, addresses and servers. Wiring only, no behaviour."""
