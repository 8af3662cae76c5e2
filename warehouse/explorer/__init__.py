"""A published warehouse in, the explorer's data out: small compressed JSON files and a CSV an indicator.

Each .sql file here gives rows of (file, key, doc): rows of one file follow each other; where `key` is null the file is
the document, else an object of documents by key.
"""
