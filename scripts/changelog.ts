// npm's `version`: what CHANGELOG.md has under "Unreleased" becomes the section of the new version. Fails where there is nothing to tell.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** The changelog with a section for the version. Throws where nothing is unreleased, or the version is there already. */
export function released(changelog: string, version: string, day: string): string {
  const head = '## Unreleased\n';
  const at = changelog.indexOf(head);
  if (at < 0) throw new Error('CHANGELOG.md has no section "Unreleased"');
  if (changelog.includes(`\n## ${version} `)) throw new Error(`CHANGELOG.md has a section ${version} already`);
  const start = at + head.length;
  const next = changelog.indexOf('\n## ', start);
  const text = changelog.slice(start, next < 0 ? undefined : next);
  if (text.trim() === '') throw new Error('CHANGELOG.md has nothing under "Unreleased": say what is new');
  return `${changelog.slice(0, start)}\n## ${version} - ${day}\n${changelog.slice(start)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  writeFileSync('CHANGELOG.md', released(readFileSync('CHANGELOG.md', 'utf8'), version, new Date().toISOString().slice(0, 10)));
}
