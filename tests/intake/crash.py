"""A reader that dies as a library in C may die."""

import os
import signal

os.kill(os.getpid(), getattr(signal, "SIGSEGV", signal.SIGTERM))
