"""What `keylint init` writes beside an inventory: one module for each file that it edits."""
