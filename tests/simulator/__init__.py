"""The simulator from outside: its process, its wire and its control address."""
