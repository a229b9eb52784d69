"""Tools of whoever maintains this project; nothing here is installed for anybody."""
