# card:
print(2)
