# The driver is written in C and declares nothing; this says so to the type checker.
from typing import Any

def __getattr__(name: str) -> Any: ...
