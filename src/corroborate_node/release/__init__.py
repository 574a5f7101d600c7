"""What left as a package: to whom, when, and which records were shown in it."""
