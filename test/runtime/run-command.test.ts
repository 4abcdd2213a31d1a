// Room: test/runtime/. What a container runs: one row a command line, in words: every command, the one that stays marked with `*`, and where it stands.
import { describe, expect, test } from 'vitest';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { memoryTree } from '../../src/context/memory.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { readProject } from '../../src/facts/project.ts';
import { readSubject } from '../../src/facts/subject.ts';
import { runCommand } from '../../src/runtime/run-command.ts';

const scripts = {
  start: 'node dist/main.js',
  serve: 'npm run build && node dist/main.js',
  build: 'tsc -p .',
  prestart: 'npm run migrate',
  migrate: 'prisma migrate deploy',
  looped: 'npm run looped',
};
const files: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'a', scripts }, undefined, 1),
  'entry.sh': '#!/bin/sh\nset -e\npython manage.py migrate\nexec "$@"\n',
  'first.sh': '#!/bin/sh\nif [ "$1" = web ]; then\n  shift\n  exec gunicorn app:app "$@"\nfi\nexec "$@"\n',
  'wait.sh': '#!/bin/sh\nuntil nc -z db 5432; do sleep 1; done\nexec "$@"\n',
  'fixed.sh': '#!/bin/sh\nset -- node server.js "$@"\nexec "$@"\n',
  'api/package.json': JSON.stringify({ scripts: { start: 'node api.js' } }),
};

function told(instructions: string, image = 'node:22'): string[] | string {
  const parsed = parseDockerfile(`FROM ${image}\nWORKDIR /app\nCOPY . .\n${instructions}\n`);
  if (!parsed.ok) throw new Error('does not parse');
  const context = { tree: memoryTree(files), dockerfilePath: 'Dockerfile', contextCertain: true };
  const options = { level: 'balanced', base: 'slim', only: undefined, skip: [] } as const;
  const subject = readSubject(parsed.dockerfile, readProject(context, new Map(), ecosystems), { ...options, skip: [] });
  const run = runCommand(subject);
  if ('unknown' in run) return run.unknown;
  const { started, program, args } = run.value;
  const words = [program, ...args].join(' ');
  return started
    .filter((one) => !one.starter)
    .map(({ effects, evidence }) => {
      const text = effects.command.words.map((word) => word.value ?? word.raw).join(' ');
      return `${text === words ? '*' : ''}${text} (${evidence.file}:${evidence.line ?? 0})`;
    });
}

describe('all commands are told', () => {
  test.each([
    ['CMD ["node", "a.js"]', ['*node a.js (Dockerfile:4)']],
    ['CMD ["a.js"]', ['*node a.js (Dockerfile:4)']],
    ['CMD a && b; c || d', ['a (Dockerfile:4)', 'b (Dockerfile:4)', 'c (Dockerfile:4)', '*d (Dockerfile:4)']],
    ['CMD ["bash", "-lc", "a && exec b"]', ['a (Dockerfile:4)', '*b (Dockerfile:4)']],
    ['CMD node a.js | tee /tmp/log', ['*node a.js (Dockerfile:4)', 'tee /tmp/log (Dockerfile:4)']],
    ['CMD node a.js; echo done', ['*node a.js (Dockerfile:4)', 'echo done (Dockerfile:4)']],
    ['CMD ["npm", "--loglevel", "warn", "start"]', ['prisma migrate deploy (package.json:8)', '*node dist/main.js (package.json:4)']],
    ['CMD ["npm", "run", "serve"]', ['tsc -p . (package.json:6)', '*node dist/main.js (package.json:5)']],
    ['CMD ["npm", "run", "serve", "--", "--port", "80"]', ['tsc -p . (package.json:6)', '*node dist/main.js --port 80 (package.json:5)']],
    ['CMD ["npm", "--prefix", "api", "start"]', ['*node api.js (api/package.json:1)']],
    ['CMD ["npx", "--yes", "prisma@5", "migrate", "deploy"]', ['*prisma migrate deploy (Dockerfile:4)']],
    ['CMD ["npm", "exec", "--", "tsx", "a.ts"]', ['*tsx a.ts (Dockerfile:4)']],
    ['CMD ["sudo", "-u", "web", "tini", "--", "dumb-init", "node", "a.js"]', ['*node a.js (Dockerfile:4)']],
    ['CMD ["dotenv", "-e", ".env", "--", "node", "a.js"]', ['*node a.js (Dockerfile:4)']],
    ['CMD ["./wait-for-it.sh", "db:5432", "-t", "30", "--", "node", "a.js"]', ['*node a.js (Dockerfile:4)']],
    ['CMD su - web -c "cd /srv && node a.js"', ['cd /srv (Dockerfile:4)', '*node a.js (Dockerfile:4)']],
    [
      'ENTRYPOINT ["./entry.sh"]\nCMD ["gunicorn", "a:b"]',
      ['set -e (entry.sh:2)', 'python manage.py migrate (entry.sh:3)', '*gunicorn a:b (entry.sh:4)'],
    ],
    [
      'ENTRYPOINT ["sh", "entry.sh", "node", "a.js"]',
      ['set -e (entry.sh:2)', 'python manage.py migrate (entry.sh:3)', '*node a.js (entry.sh:4)'],
    ],
    ['ENTRYPOINT ["./fixed.sh"]\nCMD ["--quiet"]', ['set -- node server.js --quiet (fixed.sh:2)', '*node server.js --quiet (fixed.sh:3)']],
    ['ENTRYPOINT ["./wait.sh"]\nCMD ["node", "a.js"]', ['nc -z db 5432 (wait.sh:2)', 'sleep 1 (wait.sh:2)', '*node a.js (wait.sh:3)']],
    ['ENTRYPOINT ["tini", "--"]\nCMD node a.js', ['*node a.js (Dockerfile:4)']],
    [
      'COPY entry.sh /usr/local/bin/docker-entrypoint.sh\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node", "a.js"]',
      ['set -e (entry.sh:2)', 'python manage.py migrate (entry.sh:3)', '*node a.js (entry.sh:4)'],
    ],
  ])('%s', (instructions, commands) => {
    expect(told(instructions)).toEqual(commands);
  });
});

test('images have entry scripts of their own', () => {
  expect(told('CMD ["java", "-jar", "a.jar"]', 'maven:3.9')).toEqual(['*java -jar a.jar (Dockerfile:4)']);
  expect(told('CMD ["-S", "0.0.0.0:80"]', 'php:8.3')).toEqual(['*php -S 0.0.0.0:80 (Dockerfile:4)']);
});

describe('what cannot be told', () => {
  test.each([
    ['CMD ["npm", "run", "nothing"]', 'package.json has no script nothing'],
    ['CMD ["npm", "start", "-w", "api"]', '`npm start -w api` runs a script of another package of the workspace'],
    ['CMD ["sh"]', 'it is an interactive shell'],
    ['CMD ["bash", "gone.sh"]', 'it runs `gone.sh`, which no COPY brings'],
    ['CMD if [ -f a ]; then a; fi', 'line 4 holds if'],
    ['CMD ["sh", "-c", "for x in 1; do a; done"]', 'line 4 holds for loop'],
    ['ENTRYPOINT ["./entry.sh"]', 'it is given nothing to run'],
    ['CMD ["poetry", "start"]', '`poetry start` is a command of a package manager, and what it starts is not told'],
    ['CMD ["npm", "run", "looped"]', 'it is nested too deep'],
  ])('%s', (instructions, why) => {
    expect(told(instructions)).toBe(why);
  });
});
