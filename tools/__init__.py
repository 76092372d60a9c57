"""Programs for developing this repository; nothing here is shipped."""
