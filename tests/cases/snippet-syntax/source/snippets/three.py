# card:
print(3)
# end
# end
