"""The consent centre's API: a person signs in, sees every app's access and every connection, and ends them."""
