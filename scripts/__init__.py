"""What people who work on Toegang run now and then; nothing of it runs in the product."""
