"""An attacker's program: works out from what is published what it was not to tell; shares no code with the release."""
