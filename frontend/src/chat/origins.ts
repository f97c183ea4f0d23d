// Whether a page may talk to the widget. Pure: tested with the tricks that others have tried.

const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/i;

/** `allowed` holds origins ("https://a.example", "https://a.example:8443") and "https://*.a.example" for subdomains. */
export function isAllowed(origin: string, allowed: readonly string[]): boolean {
  if (!ORIGIN.test(origin)) return false;
  return allowed.some((one) => one === "*" || one.toLowerCase() === origin.toLowerCase() || isSubdomain(origin, one));
}

function isSubdomain(origin: string, pattern: string): boolean {
  const [scheme, rest] = pattern.toLowerCase().split("://*.");
  if (!scheme || !rest) return false;
  const given = origin.toLowerCase();
  return given.startsWith(`${scheme}://`) && given.endsWith(`.${rest}`);
}
