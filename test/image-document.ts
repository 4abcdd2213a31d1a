// A small document of `observe`, for tests: an image of an unknown base, with what a test says of it.
import { digestOf } from '../src/image/digest.ts';
import type { BaseFacts, ImageConfigFacts, ImageFacts } from '../src/image/types.ts';

const config: ImageConfigFacts = {
  user: '',
  env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
  entrypoint: null,
  cmd: null,
  workdir: '',
  ports: [],
  volumes: [],
  labels: [],
  shell: null,
  healthcheck: false,
};
const system: BaseFacts['system'] = {
  id: 'debian',
  version: '12',
  codename: 'bookworm',
  libc: 'glibc',
  packageManager: 'apt',
  users: [{ name: 'root', uid: 0, gid: 0, home: '/root' }],
};

/** The document of a Dockerfile. */
export function documentOf(dockerfile: string, given: { base?: Partial<BaseFacts>; facts?: Partial<ImageFacts> } = {}): ImageFacts {
  return {
    schemaVersion: 1,
    of: {
      dockerfile: 'Dockerfile',
      digest: digestOf(dockerfile),
      context: '',
      platform: 'linux/amd64',
      buildArgs: [],
      engine: 'Docker 28.2.2',
    },
    image: { ...config, size: 100_000_000, layers: 3, files: 1000 },
    base: { reference: 'acme/base:1', ...config, size: 90_000_000, layers: 1, onBuild: [], system, ...given.base },
    system,
    instructions: { unknown: 'left out' },
    osPackages: [],
    languagePackages: [],
    programs: [],
    running: { unknown: 'it was not run' },
    ...given.facts,
  };
}
