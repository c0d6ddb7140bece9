"""The rules, by what they look at. `cardpress.check` lists them all."""
