"""Tables: the analysis of a study's runs, joined, rounded and written."""
