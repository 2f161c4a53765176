"""The only code that knows LiveKit's wire: snapshots of its state, calls to it, tokens, webhooks."""
