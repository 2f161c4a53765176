"""How a change reaches the page: differences, the reader, the bus and the sockets."""
