# card:
def countdown(start):
    print("started")
    while start > 0:
        yield start
        start -= 1


numbers = countdown(3)
print("called")
print(next(numbers))
# end

assert list(numbers) == [2, 1]
assert list(numbers) == []
