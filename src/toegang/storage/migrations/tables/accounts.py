"""Tables of citizen accounts: accounts, telephone numbers, activation, tries."""
