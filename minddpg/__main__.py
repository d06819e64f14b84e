"""Let  python -m minddpg  be the minddpg command."""

import sys

from .cli import main

sys.exit(main())
