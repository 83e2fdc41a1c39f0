"""What depends on other packages and the system: private names, threads, compilers, files."""
