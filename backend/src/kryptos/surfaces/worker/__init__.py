"""The worker's surface: which event asks for which job, what each job does, and what is due when."""
