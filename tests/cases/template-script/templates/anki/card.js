alert(4);
