"""Pages: the library, standards and principles, and what everybody outside may see."""
