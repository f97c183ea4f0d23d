"""The e-mail carrier: understanding what arrives, sending what leaves."""
