"""The stages of the study, as DVC and the command line call them."""
