"""What this part installs."""

from shouwen.accounts.queries import system_staff
from shouwen.core.slots import panel
from shouwen.packs.loading import packs_folder, read_pack
from shouwen.packs.operations import install_pack


@panel("install", order=80)
def install_base_pack() -> None:
    """The kinds of cases that every industry has; what a site edited stays."""
    install_pack(read_pack(packs_folder() / "general"), by=system_staff())
