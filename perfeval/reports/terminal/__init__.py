"""The sheets on a terminal: lines of styled pieces, bounded, aligned in cells."""
