"""What an operator types: commands about the installation, its schema and its clients."""
