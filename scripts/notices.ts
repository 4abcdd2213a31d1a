// The licences of the packages inside of bundles, as they ask for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** One text for all of these bundles. `root`: the directory that has node_modules. */
export function notices(metafiles: readonly Metafile[], root = '.'): string {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  // In a work tree node_modules may be a link, and a package may have packages of its own: the last one counts.
  const packages = new Map(
    inputs.flatMap((path) => {
      const [dir, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/.exec(path) ?? [];
      return dir === undefined || name === undefined ? [] : [[name, join(root, dir)] as const];
    }),
  );
  const texts = [...packages.keys()].sort().map((name) => {
    const dir = packages.get(name) ?? '';
    const manifest: { version: string; license?: string } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    const file = readdirSync(dir).find((entry) => /^licen[cs]e/i.test(entry));
    const licence = file !== undefined && existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8').trim() : '';
    return `${name} ${manifest.version} (${manifest.license ?? 'see its page'})\n\n${licence}\n`;
  });
  return `The files of this directory contain these packages:\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
