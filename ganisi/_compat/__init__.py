"""What depends on versions of other packages: private names, callbacks, threads, compilers."""
