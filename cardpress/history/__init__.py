"""What was released, and which version comes after which."""
