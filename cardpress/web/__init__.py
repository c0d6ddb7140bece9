"""What the web page is made of: small code, and pictures and fonts that stand in the page itself."""
