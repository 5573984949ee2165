"""Every store on every engine: one file per store, each test once on SQLite and once on PostgreSQL."""
