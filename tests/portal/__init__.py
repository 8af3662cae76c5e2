"""A real HTTP server for tests: one small site per CMS family and a switch for each fault.

    with PortalServer() as portal:
        site = portal.add(make_site("jpaas"))                     # jpaas.portal.invalid, 30 pages, 4 reports
        portal.fail(site, faults.status(503), times=2)            # any fault of faults.py, by path and number
        source = Source.model_validate(portal.source(site))      # resolves the host to the server's port
        …
        assert portal.requests(site, "/robots.txt")               # the log: host, path, time, headers

sites.py makes sites of the sample's reports, families/ lays them out, huge.py has lists without an end, farm.py many
sites at once (`python -m tests.portal` in a process of its own).
"""
