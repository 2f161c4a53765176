"""What people type. One file per noun; nothing here speaks to LiveKit or to the database."""
