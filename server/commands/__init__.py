"""Commands of `postil` that take care of what is kept, one a module."""
