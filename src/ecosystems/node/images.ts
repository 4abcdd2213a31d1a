// Room: ecosystems/node. The official image of Node.js.
import type { BaseReading } from '../../base/base.ts';
import { numbersOf } from '../../knowledge/suites.ts';
import type { ImageRow } from '../../knowledge/types.ts';

/** Node's release names. Source: https://github.com/nodejs/Release */
const CODENAMES: Readonly<Record<string, string>> = {
  argon: '4',
  boron: '6',
  carbon: '8',
  dubnium: '10',
  erbium: '12',
  fermium: '14',
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
};

export const nodeImage: ImageRow = {
  repository: 'node',
  entrypoint: ['docker-entrypoint.sh'],
  entry: { program: 'node', endings: ['.js', '.mjs', '.cjs'] },
  cmd: ['node'],
  interactive: true,
  versionEnv: 'NODE_VERSION',
  unknownEnv: ['NODE_VERSION', 'YARN_VERSION'],
  users: [{ name: 'node', uid: 1000, gid: 1000, home: '/home/node' }],
  source: 'nodejs/docker-node, Dockerfile-*.template',
  under: [{ tag: /^2[6-9](\.|-|$)/, unknownEnv: ['NODE_VERSION'] }],
  tags: {
    slim: 'last',
    slimNever: { suite: 'stretch', before: '11.3' },
    heads: /^(lts|current)$/,
    codenames: { of: CODENAMES, under: 'lts' },
    floating: { '': '26', latest: '26', current: '26', lts: '24' },
    suites: [
      // older than the newest of its series: jessie or stretch, both archived
      ['0', 'jessie'],
      ['8.17', 'stretch'],
      ['9', 'jessie'],
      ['10.24', 'stretch'],
      ['11', 'stretch'],
      ['14.19.3', 'buster'],
      ['15', 'stretch'],
      ['16', 'buster'],
      ['17', 'bullseye'],
      ['18.16', 'bookworm'],
      ['19', 'bullseye'],
      ['20.3', 'bookworm'],
      ['26', 'trixie'],
    ],
    suiteTags: {
      bullseye: [['12.22.5', '12'], ['14.17.5', '14'], ['16.6.2']],
      bookworm: [['16.20', '16'], ['18.16', '18'], ['20.3']],
      trixie: [['20.19.4', '20'], ['22.18', '22'], ['24.5']],
    },
  },
  programs: [{ names: 'node nodejs npm npx docker-entrypoint.sh' }, { names: 'yarn yarnpkg', until: 25 }, { names: 'corepack', until: 24 }],
  level: 'full',
  certificates: 'full',
  megabytes: { full: 1100, slim: 250, alpine: 180 },
  runAs: { uid: 1000, name: 'node' },
};
/** The version of Node.js that an image is of; undefined: it is of another family, whose tag says nothing of Node.js. */
export const nodeVersion = ({ family, tag }: BaseReading): string | undefined => (family?.row === nodeImage ? tag.version : undefined);

export const nodeImages: readonly ImageRow[] = [nodeImage];

/** Node's major versions that have a distroless image. Source: GoogleContainerTools/distroless, README, 2026-08-21. */
const distrolessNodes: ReadonlySet<string> = new Set(['22', '24', '26']);

/** The distroless image of a Node version ('22', '22.3.0'), or undefined. */
export function distrolessNode(version: string): string | undefined {
  const major = String(numbersOf(version)?.[0] ?? '');
  return distrolessNodes.has(major) ? `gcr.io/distroless/nodejs${major}-debian13` : undefined;
}
