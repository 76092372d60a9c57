"""The processes: web, worker, command line, demo. The only place where everything meets."""
