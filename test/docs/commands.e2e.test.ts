// The commands of the documents that need a container engine, with one. Each builds images, a minute or two: a fourth of them each day, all by `npm run e2e:docs`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { once } from '../../src/once.ts';
import { documents, stepsOf } from './blocks.ts';
import { isRunHere, needsEngine } from './elsewhere.ts';
import { newHome } from './home.ts';

const wanted = process.env['DOCKERFILE_MOD_E2E'] === '1';
// Not before it is needed: nothing is cleaned up after tests that are all left out.
const root = once(() => mkdtempSync(join(tmpdir(), 'dockerfile-mod-docs-')));
afterAll(() => rmSync(root(), { recursive: true, force: true }));

const seen = new Set<string>();
const distinct = documents.flatMap(({ path, text }) => {
  const commands = stepsOf(text)
    .flatMap((step) => step.commands)
    // A word for any application; npx or not is the same here.
    .map((command) => command.replace(/^npx /, '').replace(/\bAPP\b/, 'services/api'))
    .filter((command) => needsEngine(command) && isRunHere(command));
  return commands.filter((command) => !seen.has(command) && seen.add(command)).map((command) => ({ path, command }));
});

const today = Math.floor(Date.now() / 86_400_000);
const chosen = process.env['DOCKERFILE_MOD_E2E_DOCS'] === 'all' ? distinct : distinct.filter((_, n) => n % 4 === today % 4);

describe.runIf(wanted)('commands of the documents with an engine', () => {
  it.each(chosen)('$path: $command', { timeout: 20 * 60_000 }, async ({ command }) => {
    const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    // How long builds take is measured elsewhere.
    const at = newHome(join(root(), String(Math.random())), env, (words) =>
      words[0] === 'verify' && !words.includes('--measure') ? [...words, '--measure', 'sizes'] : words,
    );
    // One Dockerfile is enough.
    if (!command.includes('services/api')) at.cwd = join(at.home, 'projects/shop');
    // What the line before it made, and what there is to compare with.
    if (command.includes('--image-facts')) await at.run('dockerfile-mod observe --format json services/api > facts.json');
    if (command.includes('--since')) await at.run('dockerfile-mod --level safe');
    const ran = await at.run(command);
    expect({ command, code: ran?.code, said: ran?.said }).toEqual({ command, code: 0, said: expect.any(String) });
    if (/verify/.test(command) && !/bulk/.test(command)) expect(ran?.said).toMatch(/verified/);
  });
});
