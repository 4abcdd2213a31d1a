// npm's `prepublishOnly`: what a publisher has to say of itself is there, and the changelog knows the version.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

interface Manifest {
  version: string;
  repository?: unknown;
  homepage?: unknown;
  bugs?: unknown;
}

/** What is missing for a release, as sentences. */
export function missing(manifest: Manifest, changelog: string): string[] {
  const said = (value: unknown, name: string): boolean => {
    const text = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : value;
    return typeof text === 'string' && text !== '';
  };
  return [
    ...(said(manifest.repository, 'url') ? [] : ['package.json has no repository.url: npm checks the provenance against it']),
    ...(said(manifest.homepage, 'url') ? [] : ['package.json has no homepage']),
    ...(said(manifest.bugs, 'url') ? [] : ['package.json has no bugs.url']),
    ...(changelog.includes(`\n## ${manifest.version} `) ? [] : [`CHANGELOG.md has no section ${manifest.version}: npm version writes it`]),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = missing(JSON.parse(readFileSync('package.json', 'utf8')) as Manifest, readFileSync('CHANGELOG.md', 'utf8'));
  for (const one of found) console.error(`error: ${one}`);
  if (found.length > 0) console.error('docs/releasing.md says how.');
  process.exitCode = found.length === 0 ? 0 : 1;
}
