"""Groups of the form 2C (2C-BNV/2008, Circular 06/2023/TT-BNV) beyond the core of the file, one list."""
