// Room: ecosystems/python. Names of distributions.

/** The normalised name. Source: PEP 503 (https://peps.python.org/pep-0503/#normalized-names). */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
