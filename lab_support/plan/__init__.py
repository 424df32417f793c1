"""What would exist in the account after an update, as frozen data that every other room reads."""
