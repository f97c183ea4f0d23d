"""`shouwen setup-code`: the code that the first run asks for."""

from django.core.management.base import BaseCommand

from shouwen.web.firstrun import has_administrator, setup_code


class Command(BaseCommand):
    """Print the code, or say that it is not needed any more."""

    help = "The code that the first-run page asks for."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """One line."""
        del args, options
        is_over = has_administrator()
        self.stdout.write("There is an administrator: sign in." if is_over else setup_code())
