"""Measurements that anybody can repeat: `make bench NAME=x`. See README.md."""
