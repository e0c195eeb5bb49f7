"""The walk through a network that reads digits: each number opened down to its products, and what changes them."""
