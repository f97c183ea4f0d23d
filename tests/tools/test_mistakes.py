"""What must not be committed."""

from tools.mistakes import LARGEST_BYTES, mistakes_in


def test_notices_keys_passwords_and_large_files():
    key = b"-----BEGIN " + b"RSA PRIVATE KEY-----\n"
    address = b"postgresql://shouwen:" + b"hunter2hunter2@db.example.net/shouwen"

    assert mistakes_in(key) == ["looks like a secret"]
    assert mistakes_in(address) == ["looks like a secret"]
    assert mistakes_in(b"x" * (LARGEST_BYTES + 1)) == ["600,001 bytes; 600,000 at most"]


def test_lets_plain_text_pass():
    assert mistakes_in(b"postgresql://postgres@localhost/shouwen") == []
    assert mistakes_in("首问".encode()) == []
