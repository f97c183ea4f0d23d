// Packages that bring no types of their own.

declare module "@alpinejs/csp" {
  interface Component {
    [name: string]: unknown;
  }
  const Alpine: {
    data(name: string, make: (...given: never[]) => Component): void;
    store(name: string, value: unknown): void;
    start(): void;
  };
  export default Alpine;
}
