"""Commands: `kith …`, one file each."""
