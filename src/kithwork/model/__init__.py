"""What a study is. Pure: Polars, NumPy and the standard library only."""
