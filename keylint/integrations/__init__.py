"""Other tools and services: what keylint takes from them and gives to them."""
