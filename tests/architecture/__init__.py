"""What no linter knows about the house: sizes, names, who may do what, and what the tree may not hold."""
