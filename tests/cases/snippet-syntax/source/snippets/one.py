# card:
print(1
# end
