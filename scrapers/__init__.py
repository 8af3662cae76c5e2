"""From portals to the archive: source registry, polite fetching, list pages, discovery, WARC archive."""
