// Writes dist/types: the declarations of the library, and no more of them than its entries reach. They need no package beside them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { jsonSchema } from '../src/report/schema.ts';
import { declared } from './declared.ts';

const out = resolve('dist/types');
const entries = ['src/index.d.ts', 'src/verify/verify.d.ts'].map((path) => join(out, path));

rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
const reached = new Set<string>();
for (const entry of entries) reach(entry);
for (const path of filesBelow(out)) if (!reached.has(path)) rmSync(path);
removeEmpty(out);

mkdirSync(out, { recursive: true });
writeFileSync(
  join(out, 'schema.d.ts'),
  `/** What \`dockerfile-mod --format json\` prints. */
export type ResultDocument = ${declared(jsonSchema)};
/** The same as JSON Schema (draft 2020-12). */
export declare const jsonSchema: Record<string, unknown>;
/** Checks a document. It is a schema of zod 4, which has more to it than this. */
export declare const resultSchema: {
  /** @throws when the value is no such document; the error says where. */
  parse(value: unknown): ResultDocument;
  safeParse(value: unknown): { success: true; data: ResultDocument } | { success: false; error: Error & { issues: { path: PropertyKey[]; message: string }[] } };
};
`,
);

/** The file and what it imports. */
function reach(path: string): void {
  if (reached.has(path)) return;
  reached.add(path);
  const text = readFileSync(path, 'utf8');
  for (const [, name = ''] of text.matchAll(/(?:from |import\()['"]([^'"]+)['"]/g)) {
    if (name.startsWith('node:')) continue;
    const at = join(dirname(path), name.replace(/\.[jt]s$/, '.d.ts'));
    // A package that users do not have would make their types wrong in silence.
    if (!name.startsWith('.') || !existsSync(at)) throw new Error(`${path} asks for ${name}, which is not published`);
    reach(at);
  }
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const at = join(dir, entry.name);
    return entry.isDirectory() ? filesBelow(at) : [at];
  });
}

function removeEmpty(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) if (entry.isDirectory()) removeEmpty(join(dir, entry.name));
  if (readdirSync(dir).length === 0) rmSync(dir, { recursive: true });
}
