"""Writers: what the user sees of a result. Nothing here scores or judges."""
