"""Measurements, run by hand: `python -m benchmarks.NAME`; docs/benchmarks.md tells about them."""
