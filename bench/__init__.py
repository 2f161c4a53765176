"""What README quotes, measured: `python -m bench.live`, or `make bench`."""
