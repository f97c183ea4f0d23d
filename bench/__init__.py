"""Measurements that anybody can repeat: `make bench NAME=start`. Each ends with one RESULT line."""
