"""The worker: plans, executes what is ready, and writes down everything before it goes on. It knows no screen."""
