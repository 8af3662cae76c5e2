"""Great Expectations suites and the two gates: staging and marts."""
