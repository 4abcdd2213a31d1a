// The split by layers: what the facts of the image move, keep and refuse.
import { describe, expect, it } from 'vitest';
import { memoryTree, refactor, type Refactored } from '../../src/index.ts';
import type { FileFacts, ImageFacts, InstructionFacts } from '../../src/image/types.ts';
import { documentOf } from '../image-document.ts';

const dockerfile = `FROM acme/base:1
RUN apt-get update && apt-get install -y libpq5
RUN apt-get update && apt-get install -y gcc libc6-dev
WORKDIR /srv
COPY . .
RUN ./build.sh
CMD ["/srv/out/server"]
`;

const file = (path: string, size = 1000, more: Partial<FileFacts> = {}): FileFacts => ({
  path,
  kind: 'file',
  size,
  mode: '0644',
  uid: 0,
  gid: 0,
  ...more,
});
const dir = (path: string, more: Partial<FileFacts> = {}): FileFacts => file(path, 0, { kind: 'dir', mode: '0755', ...more });

const nothing = { bytes: 0, added: [], changed: [], removed: [], packagesAdded: [], packagesRemoved: [] };
/** Facts of the instructions above, by line; what a test says of a line stands over them. */
function factsOf(
  text: string,
  given: Readonly<Record<number, Partial<InstructionFacts>>> = {},
  more: Partial<ImageFacts> = {},
): ImageFacts {
  const usual: Readonly<Record<number, Partial<InstructionFacts>>> = {
    2: { packagesAdded: ['libpq5'], added: [file('/usr/lib/libpq.so.5', 300_000, { owner: 'libpq5' })] },
    3: {
      packagesAdded: ['gcc', 'libc6-dev', 'libgomp1'],
      added: [
        file('/usr/bin/gcc-12', 30_000_000, { owner: 'gcc' }),
        file('/usr/bin/cc', 0, { kind: 'link', link: '/etc/alternatives/cc' }),
      ],
      changed: [file('/var/lib/dpkg/status')],
    },
    4: { added: [dir('/srv')] },
    5: { added: [file('/srv/build.sh')] },
    6: {
      added: [
        dir('/srv/out'),
        file('/srv/out/server', 5000, { mode: '0755' }),
        dir('/root/.gradle'),
        file('/root/.gradle/a.jar', 20_000_000),
      ],
    },
  };
  const instructions = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line, n): InstructionFacts => ({
      line: n + 2,
      keyword: line.split(' ')[0] ?? '',
      text: line,
      ...nothing,
      ...usual[n + 2],
      ...given[n + 2],
    }));
  const base = documentOf(text, { facts: { instructions, ...more } });
  return { ...base, image: { ...base.image, cmd: ['/srv/out/server'], ...more.image } };
}

function split(image: ImageFacts, { text = dockerfile, script = 'true\n' } = {}): Refactored {
  const context = { tree: memoryTree({ 'build.sh': script }), dockerfilePath: 'Dockerfile', contextCertain: true };
  const result = refactor(text, { ...context, image }, { only: ['multi-stage'] });
  if (!result.ok) throw new Error(result.error.message);
  return result;
}
const refusalOf = (result: Refactored): string | undefined => (result.changed ? result.output : result.skipped[0]?.message);

describe('a split by layers', () => {
  it('leaves caches and compilers in the build stage, and copies all else to where it was', () => {
    const result = split(factsOf(dockerfile));
    expect(result.output).toBe(`FROM acme/base:1 AS base
RUN apt-get update && apt-get install -y libpq5

FROM base AS builder
RUN apt-get update && apt-get install -y gcc libc6-dev
WORKDIR /srv
COPY . .
RUN ./build.sh

FROM base
WORKDIR /srv
COPY --from=builder /srv /srv
CMD ["/srv/out/server"]
`);
    expect(result.applied[0]?.why).toContain(
      'the build stage keeps packages of the system that only the build uses (30 MB) and Gradle and its caches (20 MB), of',
    );
    expect(result.applied[0]?.evidence).toContainEqual({ file: 'Dockerfile', line: 4, says: 'image: its layer writes /srv' });
  });

  it('changes nothing without the facts, and says so of a gain below 5 %', () => {
    const context = { tree: memoryTree({ 'build.sh': 'true\n' }), dockerfilePath: 'Dockerfile', contextCertain: true };
    expect(refactor(dockerfile, context, { only: ['multi-stage'] })).toMatchObject({ changed: false });
    const image = { ...factsOf(dockerfile).image, size: 2_000_000_000 };
    expect(refusalOf(split(factsOf(dockerfile, {}, { image })))).toBe('By its layers, a split would leave 50 MB of 2000 MB behind (2.5 %)');
  });

  it('makes owners, modes and links again that a COPY does not bring', () => {
    const own = { uid: 33, gid: 33 };
    const added = [
      dir('/srv/out'),
      dir('/data', { ...own, mode: '0750' }),
      file('/data/db', 10, own),
      file('/usr/local/bin/server', 0, { kind: 'link', link: '/srv/out/server' }),
    ];
    const { output } = split(factsOf(dockerfile, { 6: { added } }));
    expect(output).toContain(
      'COPY --from=builder /srv /srv\nCOPY --from=builder /data /data\nRUN chown 33:33 /data \\\n && chmod 0750 /data \\\n && ln -sfn /srv/out/server /usr/local/bin/server\n',
    );
  });
});

describe('what a verification was seen to lack', () => {
  const lacking = (needs: ImageFacts['needs'], running?: ImageFacts['running']): string =>
    split(factsOf(dockerfile, {}, { ...(needs ? { needs } : {}), ...(running ? { running } : {}) })).output;
  it('a package that a RUN of the build brings is installed in the last stage', () => {
    const needs = { packages: [{ name: 'libgomp1', says: 'the server needs libgomp.so.1' }], files: [] };
    expect(lacking(undefined)).not.toContain('libgomp1');
    expect(lacking(needs)).toContain('apt-get install -y --no-install-recommends libgomp1');
  });
});

describe('faults that only facts of the image prevent', () => {
  it('the package of a library that a copied program needs is installed; where nobody can, the line stays that brought it', () => {
    const needs = [{ name: 'libgomp.so.1', path: '/usr/lib/libgomp.so.1', owner: 'libgomp1' }];
    const programs = [{ path: '/srv/out/server', interpreter: '/lib64/ld-linux-x86-64.so.2', static: false, needs }];
    const { output } = split(factsOf(dockerfile, {}, { programs }));
    expect(output).toContain('FROM base\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends libgomp1 \\\n');
    const system = { ...factsOf(dockerfile).system, packageManager: null };
    expect(split(factsOf(dockerfile, {}, { programs, system })).output).toContain(
      'RUN apt-get update && apt-get install -y gcc libc6-dev\nWORKDIR /srv\n\nFROM base AS builder',
    );
  });

  it('a library among what only builds read refuses', () => {
    const needs = [{ name: 'a.jar', path: '/root/.gradle/a.jar', owner: null }];
    const programs = [{ path: '/srv/out/server', interpreter: null, static: false, needs }];
    expect(refusalOf(split(factsOf(dockerfile, {}, { programs })))).toContain('/srv/out/server needs /root/.gradle/a.jar');
  });

  it.each([
    ['the command starts the tool', { cmd: ['./gradlew', 'run'] }],
    ['the command names the cache', { cmd: ['java', '-jar', '/root/.gradle/a.jar'] }],
  ])('a cache is kept where %s', (_, config) => {
    const image = { ...factsOf(dockerfile).image, ...config };
    expect(split(factsOf(dockerfile, {}, { image })).output).toContain('COPY --from=builder /root/.gradle /root/.gradle');
  });

  it('a cache is kept where a script that is started names the tool, or a process had it in memory', () => {
    const image = { ...factsOf(dockerfile).image, cmd: ['./build.sh'] };
    expect(split(factsOf(dockerfile, {}, { image }), { script: 'exec gradle bootRun\n' }).output).toContain('/root/.gradle /root/.gradle');
    const running = {
      at: '',
      probes: [],
      kind: 'serves',
      exitCode: null,
      processes: [],
      ports: [],
      written: [],
      mapped: ['/root/.gradle/a.jar'],
    } as const;
    expect(split(factsOf(dockerfile, {}, { running })).output).toContain('/root/.gradle /root/.gradle');
  });

  it('a file that an install script left outside of the application is copied', () => {
    const added = [
      dir('/srv/out'),
      dir('/opt/engine'),
      file('/opt/engine/lib.so'),
      dir('/root/.cache'),
      dir('/root/.cache/models'),
      file('/root/.cache/models/m.bin'),
    ];
    const { output } = split(factsOf(dockerfile, { 6: { added } }));
    expect(output).toContain('COPY --from=builder /opt/engine /opt/engine\n');
    expect(output).toContain('COPY --from=builder /root/.cache /root/.cache\n');
  });

  it('a changed file of the base is copied over it, and one that is gone refuses', () => {
    expect(split(factsOf(dockerfile, { 6: { changed: [file('/etc/passwd')] } })).output).toContain(
      'COPY --from=builder /etc/passwd /etc/passwd\n',
    );
    expect(refusalOf(split(factsOf(dockerfile, { 6: { removed: ['/etc/legacy.conf'] } })))).toContain('Line 6 removes /etc/legacy.conf');
  });

  it('a package behind the build, a device and an odd name refuse', () => {
    expect(refusalOf(split(factsOf(dockerfile, { 6: { packagesAdded: ['imagemagick'] } })))).toContain(
      'RUN at line 6 changes packages of the system',
    );
    expect(refusalOf(split(factsOf(dockerfile, { 6: { added: [file('/srv2', 0, { kind: 'other' })] } })))).toContain(
      '/srv2, which line 6 writes, is no ordinary file',
    );
    expect(refusalOf(split(factsOf(dockerfile, { 6: { added: [file('/a\nRUN b')] } })))).toContain(
      '"/a\\nRUN b", a name that an instruction cannot hold',
    );
  });
});
