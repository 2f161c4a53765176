"""The console in a real browser. A run of its own (``pytest tests/browser``): Playwright brings its own event loop."""
