"""The command line: commands and options in, reports and an exit status out."""
