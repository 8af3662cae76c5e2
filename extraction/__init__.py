"""Pure functions from bytes to indicators: no network, no database."""
