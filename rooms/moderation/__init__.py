"""What people may do, and did."""
