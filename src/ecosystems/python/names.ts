// Room: ecosystems/python. Names of distributions.

/** The normalised name. Source: PEP 503 (https://peps.python.org/pep-0503/#normalized-names). */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** What an install of Poetry brings itself, by the names of its packages. Source: python-poetry.org/docs, "Installation", "Plugins". */
export const INSTALLERS =
  /^(?:uv|poetry|poetry-core|poetry-dynamic-versioning|poetry-plugin-[\w-]+|pip|setuptools|wheel|virtualenv|pipx|build|cython|keyring)$/i;
