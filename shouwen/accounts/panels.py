"""What this part puts into the slots of others."""

from shouwen.accounts.operations import install_roles
from shouwen.accounts.operations.post_seeds import install_posts
from shouwen.core.slots import panel


@panel("install", order=10)
def install_accounts() -> None:
    """Built-in roles and example job descriptions are there."""
    install_roles()
    install_posts()
