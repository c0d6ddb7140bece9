print(sum([]))
# card:
if True:
    print(sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]))
    print(sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]))
    print(sum([]))
# end
