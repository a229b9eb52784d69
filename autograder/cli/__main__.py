"""`python -m autograder.cli`: the same as `ntk`."""

import sys

from . import main

sys.exit(main())
