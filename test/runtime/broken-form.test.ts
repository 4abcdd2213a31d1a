// Room: test/runtime/. What looks like exec form and is none, and shell operators where no shell reads them.
import { expect, test } from 'vitest';
import type { Command } from '../../src/dockerfile/types.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { brokenForm } from '../../src/runtime/broken-form.ts';

function why(cmd: string): string | undefined {
  const parsed = parseDockerfile(`FROM node:22\nCMD ${cmd}\n`);
  if (!('dockerfile' in parsed)) throw new Error('does not parse');
  const command = parsed.dockerfile.instructions.find((i): i is Command => i.keyword === 'CMD');
  return command && brokenForm(command)?.unknown;
}

test.each([
  `["python", "app.py"]+`,
  `['npm', 'start']`,
  `[ 'npm', 'start' ]`,
  `["npm", "start"`,
  `[npm, start]`,
  `["npm", "start",]`,
  `[“npm”, “start”]`,
])('%s is no JSON', (cmd) => {
  expect(why(cmd)).toMatch(/not valid JSON/);
});
test.each([`[ -f x ] && node app.js`, `[ "$A" = "b" ] && echo "a", b`, `[[ -n $A ]] && node app.js`, 'node app.js', `["node", "app.js"]`])(
  '%s is what it looks like',
  (cmd) => {
    expect(why(cmd)).toBeUndefined();
  },
);
test.each([`["sleep", "5", ";", "node", "app.js"]`, `["cd", "/app", "&&", "npm", "start"]`])('%s has no shell', (cmd) => {
  expect(why(cmd)).toMatch(/no shell reads/);
});
