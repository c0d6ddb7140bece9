total = 0
for each in range(10):
    total += each * each * each * each * each * each * each
print(total)
