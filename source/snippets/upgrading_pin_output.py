from packaging.specifiers import SpecifierSet

# card:
releases = [
    "0.164.9", "0.165.3", "0.166.0",
]
pin = SpecifierSet("~=0.165")
print(*pin.filter(releases))
# end

assert list(pin.filter(releases)) == ["0.165.3", "0.166.0"]
