// Room: test of ecosystems/node. One source file scanned, in short.
import { project } from './sample.ts';

/** `kind literal` of every hit in src/a.ts ('?': no literal). */
export function hits(source: string): string[] {
  const files = { 'src/a.ts': source, 'src/worker.js': '', 'views/a.html': '', 'public/index.html': '', 'data/x.json': '{}' };
  return project({}, files)
    .hits()
    .map((hit) => `${hit.kind} ${hit.literal ?? '?'}`);
}
/** The development packages that src/a.ts imports. */
export function devImport(source: string, more: object, build?: string): string[] {
  const base = {
    dependencies: { prod: '1', both: '1' },
    devDependencies: { dev: '1', both: '1', '@s/dev': '1', '@types/dev': '1' },
    ...more,
  };
  const scripts = { ...(more as { scripts?: object }).scripts, ...(build === undefined ? {} : { build }) };
  return project({ ...base, scripts }, { 'src/a.ts': source })
    .devImports()
    .map((one) => one.package);
}
