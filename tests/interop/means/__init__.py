"""Foreign providers of login means: each, unchanged, logs people in at the hub."""
