"""Greenroom's tests, and the servers and people that they need."""
