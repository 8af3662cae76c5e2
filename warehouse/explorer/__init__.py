"""A published warehouse in, the explorer's data out: small compressed JSON files and a CSV an indicator.

Each .sql file here gives rows of (file, key, doc): rows of one file follow each other; where `key` is null the file is
the document, else an object of documents by key. Queries over table `bucket` are asked a slice of their ids at a time,
so that what they need does not grow with the warehouse.
"""
