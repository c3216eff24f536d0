"""Run a scan as a request describes it.

List the files, scan them, judge the whole repository, apply the baseline. The command line and the
library both make a `ScanRequest`; the code here does not depend on its source.
"""
