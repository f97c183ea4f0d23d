// Runs before the first paint: applies the chosen theme, so that nothing flashes.

const chosen = localStorage.getItem("shouwen-theme") ?? "auto";
const isDark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.dataset.bsTheme = isDark ? "dark" : "light";
document.documentElement.dataset.theme = chosen;
