"""What each gate expects of each relation, and the limits it is judged by."""

import sys

# Great Expectations looks for PySpark, and PySpark, where it is installed, takes a process whose main module has no
# file for a run of its doctests and ends it: a worker of a test run or of a process pool is such a process.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__
