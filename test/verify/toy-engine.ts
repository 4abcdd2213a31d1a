// test/verify: an engine in this process. It builds nothing: what an image holds and does is told by rules over the text of its Dockerfile.
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { core } from '../../src/checkout/core.ts';
import type { Ran } from '../../src/process/run.ts';
import { EngineError, type Engine } from '../../src/verify/types.ts';
import { tarOf, type TarEntry } from './archives.ts';

/** What is told of an image; of several rules that fit, the later one counts. */
export interface Toy {
  /** Of the text of its Dockerfile; left out: of all. */
  when?: (dockerfile: string) => boolean;
  /** The build fails, and says this. */
  fails?: string;
  /** The container ends at once with this code, 0 by default, and says this. */
  code?: number | ((dockerfile: string) => number);
  stdout?: string;
  stderr?: string | ((dockerfile: string) => string);
  /** `A /path` lines of `docker diff`. */
  diff?: string;
  /** Bytes. */
  size?: number;
  /** The archive of the image ends early, or an entry of it has a size that it cannot have. */
  archive?: 'cut' | 'size';
  /** What its base image has besides. */
  base?: readonly TarEntry[];
  /** What the layer of an instruction brings. */
  layer?: (instruction: string) => readonly TarEntry[] | undefined;
}
export interface ToyEngine {
  engine: Engine;
  /** Texts of the Dockerfiles that were built, in order. */
  built: string[];
}

interface Image {
  text: string;
  toy: Toy;
  instructions: readonly { keyword: string; text: string }[];
  base: string;
}

/** What the configuration of a base says. Sources: docker-library/node, GoogleContainerTools/distroless. */
function entrypointOf(base: string): string[] | null {
  if (base.includes('distroless/nodejs')) return ['/nodejs/bin/node'];
  return base.startsWith('node:') ? ['docker-entrypoint.sh'] : null;
}

/** A file of root. */
export const file = (name: string, content = ''): TarEntry => ({ name, content, mode: 0o644, uid: 0, gid: 0 });
/** What the one layer of every base image holds. */
const baseFiles: readonly TarEntry[] = [
  file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n'),
  file('etc/os-release', 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'),
  file('lib64/ld-linux-x86-64.so.2'),
];

/** The engine. In: the rules, and base images that there are none of. */
export function toyEngine(toys: readonly Toy[], missing: readonly string[] = []): ToyEngine {
  const images = new Map<string, Image>();
  const built: string[] = [];
  const containers: string[] = [];
  const done = (stdout = ''): Ran => ({ code: 0, stdout, stderr: '', stopped: undefined });
  const failed = (stderr: string): Ran => ({ code: 1, stdout: '', stderr, stopped: undefined });
  const build = (args: readonly string[]): Ran => {
    const text = readFileSync(args[args.indexOf('--file') + 1] ?? '', 'utf8');
    const tag = args.includes('--tag') ? args[args.indexOf('--tag') + 1] : undefined;
    const toy = Object.assign({}, ...toys.filter(({ when }) => when?.(text) !== false)) as Toy;
    const lost = missing.find((base) => text.split(/\s+/).includes(base));
    if (tag !== undefined && !tag.endsWith(':base')) built.push(text);
    if (lost !== undefined) return failed(`ERROR: failed to solve: ${lost}: not found`);
    if (toy.fails !== undefined)
      return failed(`#5 [1/1] RUN make\n#5 0.1 ${toy.fails}\n#5 ERROR: process "make" did not complete successfully: exit code: 2\n`);
    const made = core.imageInstructions(text, undefined, new Map());
    if (tag !== undefined) images.set(tag, { text, toy, instructions: made?.instructions ?? [], base: made?.base ?? '' });
    return done();
  };
  const inspect = (args: readonly string[]): Ran => {
    const name = args.at(-1) ?? '';
    const image = images.get(name);
    if (!image && missing.includes(name)) return failed(`Error: No such image: ${name}`);
    if (args.includes('{{.Id}}')) return done('sha256:1');
    if (args.includes('{{json .RootFS.Layers}}')) return done('["sha256:base"]');
    if (args.includes('{{json .Config.OnBuild}}')) return done('null');
    return done(
      JSON.stringify([
        { Size: image?.toy.size ?? 1000, Os: 'linux', Architecture: 'amd64', Config: configOf(image ?? { instructions: [], base: name }) },
      ]),
    );
  };
  const imageOf = (id: string): Image | undefined => images.get(containers[Number(id.slice(1))] ?? '');
  const toyOf = (id: string): Toy => imageOf(id)?.toy ?? {};
  const codeOf = (id: string): number => {
    const { code = 0 } = toyOf(id);
    return typeof code === 'number' ? code : code(imageOf(id)?.text ?? '');
  };
  const stderrOf = (id: string): string => {
    const { stderr = '' } = toyOf(id);
    return typeof stderr === 'string' ? stderr : stderr(imageOf(id)?.text ?? '');
  };
  const run: Engine['run'] = (args) => Promise.resolve(answer(args));
  const answer = (args: readonly string[]): Ran => {
    const [verb = '', noun] = args;
    const id = args.at(-1) ?? '';
    if (verb === 'build') return build(args);
    if (verb === 'image' && noun === 'inspect') return inspect(args);
    if (verb === 'history') return done('sha256:base\n');
    if (verb === 'create') {
      const image = args.find((word) => images.has(word)) ?? '';
      containers.push(image);
      return done(`c${containers.length - 1}`);
    }
    if (verb === 'container') return done(JSON.stringify([{ Id: id, State: { Running: false, ExitCode: codeOf(id) } }]));
    if (verb === 'logs') return { ...done(toyOf(id).stdout ?? 'done\n'), stderr: stderrOf(id) };
    if (verb === 'wait') return done(String(codeOf(id)));
    if (verb === 'diff') return done(toyOf(id).diff ?? '');
    return done();
  };
  const engine: Engine = {
    name: 'docker',
    version: 'Docker 28.2.2',
    clientVersion: '28.2.2',
    run,
    ask: async (args, options) => {
      const ran = await run(args, options);
      if (ran.code !== 0)
        throw new EngineError({ kind: 'engine-failed', message: `docker ${args.join(' ')}`, hint: undefined, log: ran.stderr });
      return ran.stdout;
    },
    stream: (args) => ({
      stdout: Readable.from(archiveOf(images.get(args.at(-1) ?? ''))),
      ended: Promise.resolve({ code: 0, stderr: '', killed: false }),
      stop: () => undefined,
    }),
  };
  return { engine, built };
}

const last = <T>(list: readonly T[]): T | undefined => list[list.length - 1];

/** What the last instruction of each kind says. */
function configOf({ instructions, base }: Pick<Image, 'instructions' | 'base'>): Record<string, unknown> {
  const said = (keyword: string): string | undefined =>
    last(instructions.filter((one) => one.keyword === keyword))?.text.replace(/^\S+\s+/, '');
  const words = (text: string | undefined): unknown =>
    text === undefined ? null : text.startsWith('[') ? JSON.parse(text) : ['/bin/sh', '-c', text];
  return {
    User: said('USER') ?? '',
    WorkingDir: said('WORKDIR') ?? '',
    Cmd: words(said('CMD')),
    Entrypoint: words(said('ENTRYPOINT')) ?? entrypointOf(base),
    Env: ['PATH=/usr/bin'],
  };
}

const withLayer: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

async function* archiveOf(image: Image | undefined): AsyncGenerator<Buffer> {
  const { instructions = [], toy = {} } = image ?? {};
  const making = instructions.filter(({ keyword }) => withLayer.has(keyword));
  const layers = [
    await tarOf([...baseFiles, ...(toy.base ?? [])]),
    ...(await Promise.all(making.map(({ text }) => tarOf(toy.layer?.(text) ?? [])))),
  ];
  const config = {
    rootfs: { diff_ids: ['sha256:base', ...making.map((_, i) => `sha256:${i}`)] },
    history: [
      { created_by: 'base' },
      ...instructions.map(({ keyword, text }) => ({ created_by: text, empty_layer: !withLayer.has(keyword) })),
    ],
  };
  const archive = await tarOf([
    ...layers.map((content, i) => ({ name: `${i}/layer.tar`, content })),
    { name: 'config.json', content: JSON.stringify(config) },
    { name: 'manifest.json', content: JSON.stringify([{ Config: 'config.json', Layers: layers.map((_, i) => `${i}/layer.tar`) }]) },
  ]);
  // The first entry's size, in octal at 124. https://www.gnu.org/software/tar/manual/html_node/Standard.html
  if (toy.archive === 'size') archive.write('77777777777\0', 124, 'latin1');
  yield toy.archive === 'cut' ? archive.subarray(0, 1000) : archive;
}
