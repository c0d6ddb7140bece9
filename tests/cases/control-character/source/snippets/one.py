print(1)  #  page
