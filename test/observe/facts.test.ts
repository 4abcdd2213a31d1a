// test/observe: the document of an image: what each instruction did, whose a file is, what the base is; and what no document may hold.
import { describe, expect, it } from 'vitest';
import type { ImageFacts } from '../../src/image/types.ts';
import type { Base } from '../../src/observe/base.ts';
import { imageFacts, type Seen } from '../../src/observe/facts.ts';
import { imageFactsSchema } from '../../src/observe/report/schema.ts';
import { observeText } from '../../src/observe/report/text.ts';
import { hiding } from '../../src/observe/secrets.ts';
import { elfFile } from '../verify/archives.ts';
import { builtOf, digests, dpkg, imageOf, plainConfig, type Step } from './images.ts';

const below: Step[] = [
  {
    by: '/bin/sh -c #(nop) ADD file:1 in /',
    layer: [
      { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' },
      { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/bash\n' },
      { name: 'usr/bin/apt-get', content: 'x', mode: 0o755 },
      { name: 'lib/x86_64-linux-gnu/libc.so.6', content: elfFile({ soname: 'libc.so.6' }) },
      { name: 'var/lib/dpkg/info/libc6:amd64.list', content: '/.\n/lib/x86_64-linux-gnu/libc.so.6\n' },
      { name: 'etc/motd', content: 'hello' },
      dpkg('libc6'),
    ],
  },
  { by: '/bin/sh -c #(nop)  CMD ["bash"]' },
];
const base: Base = { reference: 'debian:12', config: plainConfig, size: 700, layers: digests(1), history: 2, onBuild: [] };

const own: (Step & { line: number; keyword: string; text: string })[] = [
  { line: 2, keyword: 'WORKDIR', text: 'WORKDIR /app', by: 'WORKDIR /app', layer: [{ name: 'app/', type: 'directory' }] },
  {
    line: 3,
    keyword: 'RUN',
    text: 'RUN apt-get install -y gcc curl',
    by: 'RUN /bin/sh -c apt-get install -y gcc curl # buildkit',
    layer: [
      dpkg('curl', 'gcc', 'libc6'),
      { name: 'var/lib/apt/extended_states', content: 'Package: libc6\nArchitecture: amd64\nAuto-Installed: 1\n' },
      { name: 'var/lib/dpkg/info/curl.list', content: '/.\n/usr/bin/curl\n' },
      { name: 'usr/bin/curl', content: elfFile({ needed: ['libc.so.6', 'libcurl.so.4'], interpreter: '/lib64/ld-linux-x86-64.so.2' }) },
      { name: 'etc/.wh.motd', content: '' },
    ],
  },
  { line: 5, keyword: 'ENV', text: 'ENV A=1', by: 'ENV A=1' },
  {
    line: 6,
    keyword: 'COPY',
    text: 'COPY . .',
    by: 'COPY . . # buildkit',
    layer: [
      { name: 'app/', type: 'directory' },
      { name: 'app/main.js', content: 'x'.repeat(30), uid: 1000, gid: 1000, mode: 0o640 },
      { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\n' },
    ],
  },
  {
    line: 7,
    keyword: 'RUN',
    text: 'RUN npm ci --token=abcdefgh',
    by: 'RUN /bin/sh -c npm ci # buildkit',
    layer: [
      { name: 'app/node_modules/@x/y/package.json', content: '{"name":"@x/y","version":"1.2.3"}' },
      { name: 'root/.npm/_cacache/content-v2/aa', content: 'x'.repeat(99) },
      { name: 'root/.npm/_cacache/index-v5/bb', content: 'x' },
    ],
  },
];

async function factsOf(steps: readonly Step[], more: Partial<Seen> = {}): Promise<ImageFacts> {
  return imageFacts({
    of: { dockerfile: 'Dockerfile', digest: 'sha256:d', context: 'sha256:c', platform: 'linux/amd64', buildArgs: [], engine: 'Docker 1' },
    built: builtOf(),
    whole: await imageOf(steps),
    base,
    instructions: own.map(({ line, keyword, text }) => ({ line, keyword, text })),
    running: { unknown: 'it was not run' },
    hide: hiding([], {}),
    ...more,
  });
}
const listed = (facts: ImageFacts) =>
  Array.isArray(facts.instructions) ? (facts.instructions as ImageFacts['instructions'] & unknown[]) : [];

describe('what each instruction did', () => {
  it('its layer: added, changed and removed files, packages; nothing for one without a layer', async () => {
    const facts = await factsOf([...below, ...own]);
    expect(listed(facts)).toMatchObject([
      { line: 2, added: [{ path: '/app', kind: 'dir' }], changed: [], bytes: 0 },
      { line: 3, removed: ['/etc/motd'], packagesAdded: ['curl', 'gcc'], packagesRemoved: [] },
      { line: 5, added: [], changed: [], removed: [], bytes: 0 },
      { line: 6, bytes: 60, added: [{ path: '/app/main.js', mode: '0640', uid: 1000, size: 30 }], changed: [{ path: '/etc/passwd' }] },
      { line: 7, text: 'RUN npm ci --token=***' },
    ]);
  });

  it('whose a file is, and what a program needs', async () => {
    const facts = await factsOf([...below, ...own]);
    expect(facts.programs).toEqual([
      {
        path: '/usr/bin/curl',
        interpreter: '/lib64/ld-linux-x86-64.so.2',
        static: false,
        needs: [
          { name: 'libc.so.6', path: '/lib/x86_64-linux-gnu/libc.so.6', owner: 'libc6' },
          { name: 'libcurl.so.4', path: null, owner: null },
        ],
      },
    ]);
    expect(facts.osPackages).toEqual([
      { manager: 'dpkg', name: 'curl', version: '1.0', size: 1024, manual: true, from: 3 },
      { manager: 'dpkg', name: 'gcc', version: '1.0', size: 2048, manual: true, from: 3 },
      { manager: 'dpkg', name: 'libc6', version: '1.0', size: 3072, manual: false, from: 'base' },
    ]);
    expect(facts.languagePackages).toEqual([{ type: 'npm', name: '@x/y', version: '1.2.3', path: '/app/node_modules/@x/y' }]);
  });

  it('what a package depends on, and what a wheel was made for', async () => {
    const status = [
      'Package: libx-dev\nStatus: install ok installed\nVersion: 1\nPre-Depends: dpkg\nDepends: libx1 (= 1), nothing | libc6:any (>= 2)',
      'Package: libx1\nStatus: install ok installed\nVersion: 1',
      'Package: libc6\nStatus: install ok installed\nVersion: 1',
    ];
    const apk = 'P:libpq\nV:1\nD:so:libz.so.1 musl>=1 !old\np:so:libpq.so.5=5\n\nP:zlib\nV:1\np:so:libz.so.1=1.3\n\nP:musl\nV:1';
    const site = 'usr/lib/python3/site-packages';
    const layer = [
      { name: 'var/lib/dpkg/status', content: status.join('\n\n') },
      { name: 'lib/apk/db/installed', content: apk },
      { name: `${site}/psycopg-3.0.dist-info/METADATA`, content: 'x' },
      { name: `${site}/psycopg-3.0.dist-info/WHEEL`, content: 'Wheel-Version: 1.0\nTag: cp312-cp312-linux_x86_64\n' },
    ];
    const facts = await factsOf([...below, { by: 'RUN x', layer }], { instructions: [{ line: 2, keyword: 'RUN', text: 'RUN x' }] });
    const depends = Object.fromEntries(facts.osPackages.map((one) => [one.name, one.depends]));
    expect(depends).toEqual({
      libc6: undefined,
      'libx-dev': ['libc6', 'libx1'],
      libx1: undefined,
      libpq: ['musl', 'zlib'],
      musl: undefined,
      zlib: undefined,
    });
    expect(facts.languagePackages).toMatchObject([{ name: 'psycopg', platform: 'linux_x86_64' }]);
    expect(imageFactsSchema.safeParse(facts).success).toBe(true);
  });

  it('the base image and its system', async () => {
    const facts = await factsOf([...below, ...own]);
    expect(facts.base).toMatchObject({
      reference: 'debian:12',
      layers: 1,
      system: {
        id: 'debian',
        version: '12',
        codename: 'bookworm',
        libc: 'glibc',
        packageManager: 'apt',
        users: [{ name: 'root', uid: 0 }],
      },
    });
  });

  it('what a directory held that was removed is no change of a file when it is made again', async () => {
    const steps: Step[] = [
      { by: 'COPY a /a', layer: [{ name: 'a/b/c', content: '1' }] },
      { by: 'RUN rm -r /a/b', layer: [{ name: 'a/.wh.b', content: '' }] },
      { by: 'COPY a /a', layer: [{ name: 'a/b/c', content: '1' }] },
    ];
    const instructions = steps.map(({ by }, i) => ({ line: i + 2, keyword: by.split(' ')[0] ?? '', text: by }));
    const facts = await factsOf([...below, ...steps], { instructions });
    expect(listed(facts)).toMatchObject([
      { added: [{ path: '/a/b/c' }] },
      { removed: ['/a/b'] },
      { added: [{ path: '/a/b/c' }], changed: [] },
    ]);
  });

  it('an empty image, and one of 200 layers', async () => {
    const many = Array.from({ length: 200 }, (_, i): Step => ({ by: 'COPY x /', layer: [{ name: `f${i}`, content: 'x' }] }));
    const instructions = many.map((_, i) => ({ line: i + 1, keyword: 'COPY', text: 'COPY x /' }));
    const scratch: Base = { ...base, reference: 'scratch', layers: [], history: 0 };
    expect(listed(await factsOf(many, { instructions, base: scratch }))).toHaveLength(200);
    expect(await factsOf([], { instructions: [], base: scratch })).toMatchObject({ instructions: [], image: { files: 0, layers: 0 } });
  });
});

describe('what is not known is said', () => {
  it('a history that is not the instructions’', async () => {
    const squashed = await factsOf([...below, { by: 'RUN all', layer: [] }]);
    expect(squashed.instructions).toEqual({ unknown: "the image's history has 1 steps for 5 instructions" });
    const [first, second, ...rest] = own;
    const other = await factsOf([...below, second, first, ...rest].filter((step) => step !== undefined));
    expect(other.instructions).toEqual({ unknown: "the image's history does not name the instruction of line 2" });
  });

  it('a base that the image is not built on, and one that is not known', async () => {
    const foreign = await factsOf([...below, ...own], { base: { ...base, layers: ['sha256:other'] } });
    expect([foreign.base, foreign.instructions]).toEqual(
      Array.from({ length: 2 }, () => ({ unknown: 'the image is not built on the debian:12 that the engine has' })),
    );
    const unknown = await factsOf([...below, ...own], { base: { unknown: 'why' } });
    expect([unknown.base, unknown.instructions]).toEqual([{ unknown: 'why' }, { unknown: 'why' }]);
  });
});

describe('the document', () => {
  it('has the published form, and the same bytes for the same image', async () => {
    const [one, two] = [await factsOf([...below, ...own]), await factsOf([...below, ...own])];
    expect(imageFactsSchema.parse(one)).toEqual(one);
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });

  it('holds no secret: of the environment, of command lines, of build arguments', async () => {
    const env = { API_TOKEN: 'tiptop', NAME: 'given-value', URL: 'https://me:pw12@x.example/', PLAIN: 'yes', AUTHOR: 'me' };
    const observed = {
      kind: 'serves' as const,
      exitCode: undefined,
      stdout: '',
      stderr: '',
      ports: ['0.0.0.0:80'],
      answers: [],
      health: undefined,
      healthLog: '',
      uids: [],
      written: [],
      commands: [],
      smoke: undefined,
      processes: [{ uid: '0', argv: 'app --password hunter2 --name given-value --key-file=/x' }],
    };
    const facts = await factsOf([...below, ...own], {
      built: builtOf({ env, cmd: ['app', 'given-value'] }),
      hide: hiding(['NAME=given-value'], {}),
      running: { observed, probes: [] },
    });
    expect(facts.image.env).toEqual({ API_TOKEN: '***', NAME: '***', URL: 'https://me:***@x.example/', PLAIN: 'yes', AUTHOR: 'me' });
    expect(facts.running).toMatchObject({ processes: [{ uid: '0', argv: 'app --password *** --name *** --key-file=/x' }] });
    expect(JSON.stringify(facts)).not.toMatch(/hunter2|given-value|tiptop|pw12|abcdefgh/);
  });
});

describe('the page', () => {
  it('says what each line costs and what only builds need', async () => {
    const page = observeText(await factsOf([...below, ...own]), {
      colour: 'never',
      width: 80,
      isBuildPackage: (_, name) => name === 'gcc',
    });
    expect(page).toMatchInlineSnapshot(`
      "Dockerfile
        1.00 kB in 5 layers, 13 files; debian 12 (bookworm), glibc, linux/amd64; built on debian:12
        It starts app, as root, in /app.

      What each line costs
              700 B  70 %  FROM debian:12                                        1 layer
        3     658 B  66 %  RUN apt-get install…  3 files, 1 changed, 1 removed, 2 packages
        6      60 B   6 %  COPY . .                                    1 file, 1 changed
        7     133 B  13 %  RUN npm ci --token=***                                3 files

      What only builds need
         2.05 kB  packages: gcc
           100 B  npm cache: 2 files in /root/.npm/_cacache

      What the process did
        Not seen: it was not run.
      "
    `);
  });

  it('names the caches, where the files in them lie apart', async () => {
    const files = ['root/.cache/go-build/aa/1-d', 'root/.cache/go-build/bb/2-d', 'go/pkg/mod/x@v1/a', 'go/pkg/mod/x@v1/b'];
    const steps = own.map((step) => (step.line === 7 ? { ...step, layer: files.map((name) => ({ name, content: 'x'.repeat(9) })) } : step));
    const page = observeText(await factsOf([...below, ...steps]), { colour: 'never', width: 80, isBuildPackage: () => false });
    expect(page).toContain('36 B  Go cache: 4 files in /go/pkg/mod, /root/.cache/go-build');
  });

  it('counts what Python compiles as it starts, and names the rest', async () => {
    const written = ['/app/__pycache__/a.pyc', '/app/b/__pycache__/c.pyc', '/app/data.db'];
    const facts = await factsOf([...below, ...own]);
    const page = observeText(
      { ...facts, running: { kind: 'serves', written, processes: [], ports: [], mapped: [] } as unknown as ImageFacts['running'] },
      { colour: 'never', width: 80, isBuildPackage: () => false },
    );
    expect(page).toContain('  Wrote /app/data.db, and 2 files in __pycache__\n');
  });
});
