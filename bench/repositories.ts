// Many repositories made of the fixtures: the same seed gives the same bytes.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES, goldenCases, readGolden, writeInput } from '../test/golden/cases.ts';

const words = ['api', 'web', 'worker', 'billing', 'search', 'mail', 'ledger', 'gateway', 'report', 'auth', 'catalog', 'queue'];

/** What writes the files of each fixture that has a Dockerfile at its root, in the order of their names. */
function fixtureInputs(): ((at: string) => void)[] {
  const apps = readdirSync(join(FIXTURES, 'apps')).map(
    (app) => (at: string) => cpSync(join(FIXTURES, 'apps', app), at, { recursive: true }),
  );
  const goldens = goldenCases()
    .map(readGolden)
    .filter(({ input }) => input.some(({ path }) => path === 'Dockerfile'));
  return [...apps, ...goldens.map((golden) => (at: string) => writeInput(golden, at))];
}

/** mulberry32: a small generator with a seed. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Makes `count` checkouts `acme/<word>-<number>` below a directory. Each is one fixture, chosen by the seed, with a name, a label and
 * some sources of its own, and a `.git` that a checkout has.
 */
export function makeRepositories(directory: string, count: number, seed: number): void {
  const inputs = fixtureInputs();
  const next = random(seed);
  for (let i = 0; i < count; i += 1) {
    const name = `${words[Math.floor(next() * words.length)]}-${String(i).padStart(5, '0')}`;
    const root = join(directory, 'acme', name);
    inputs[Math.floor(next() * inputs.length)]?.(root);
    mkdirSync(join(root, '.git/objects'), { recursive: true });
    mkdirSync(join(root, '.git/refs'));
    writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
    const dockerfile = join(root, 'Dockerfile');
    const text = readFileSync(dockerfile, 'utf8');
    writeFileSync(dockerfile, `${text}${text.endsWith('\n') ? '' : '\n'}LABEL org.example.service="${name}"\n`);
    writeFileSync(join(root, 'OWNERS.txt'), `${name}\n`);
    const sources = Math.floor(next() * 12);
    if (sources > 0 && !existsSync(join(root, 'notes'))) mkdirSync(join(root, 'notes'));
    for (let file = 0; file < sources; file += 1) writeFileSync(join(root, 'notes', `${file}.txt`), `${name} ${next()}\n`.repeat(20));
  }
}
