"""Staff (员工), departments, roles and reach, sign-in."""
