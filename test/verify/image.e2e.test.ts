// test/verify: real images, read and compared with what the engine itself exports, and with readelf.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImage } from '../../src/verify/image/image.ts';
import { unresolved } from '../../src/verify/compare/libraries.ts';
import type { ImageFile, Session } from '../../src/verify/types.ts';
import { openSession, present, shell, whyNot } from './engine.ts';

const images = await present([
  'debian:12-slim',
  'python:3.13-slim',
  'node:22',
  'nginx:1',
  'gcr.io/distroless/nodejs22-debian12',
  'gcr.io/distroless/static-debian12',
]);

const odd = `
FROM debian:12-slim AS one
RUN mkdir -p /odd/a /odd/b/c && echo one > /odd/a/file && ln /odd/a/file /odd/a/hard && ln -s ../a /odd/b/link && mkfifo /odd/pipe \\
 && echo low > /odd/b/c/low && chmod 4755 /odd/a/file && chown 1234:5678 /odd/b && printf x > "/odd/a name with spaces" \\
 && mkdir -p "/odd/$(printf 'long%.0s' $(seq 40))" && echo 1 > "/odd/$(printf 'long%.0s' $(seq 40))/$(printf 'name%.0s' $(seq 50))" && echo ä > /odd/ä
RUN rm -r /odd/b/c && mkdir /odd/b/c && echo high > /odd/b/c/high && rm /odd/a/file && rm -rf /usr/share/doc
RUN rm -r /odd/a && echo 'now a file' > /odd/a && ln -s /usr /odd/usr
COPY marker /odd/usr/share/marker
`;

interface Row {
  type: string;
  mode: string;
  owner: string;
  size: number;
  link: string;
}

/** What an engine puts into every container, and not into its image. */
const made = /^\/(?:\.dockerenv|dev(?:\/(?:pts|shm|console))?|proc|sys|etc|etc\/(?:hosts|hostname|resolv\.conf|mtab)|run\/\.containerenv)$/;

async function exported(image: string, session: Session): Promise<Map<string, Row>> {
  const id = await session.engine.ask(['create', ...session.labels, image, 'none']);
  try {
    const text = await shell(`docker export ${id} | tar -tv --numeric-owner --quoting-style=literal`);
    const rows = new Map<string, Row>();
    for (const line of text.split('\n')) {
      const match = /^(.)(\S{9})\s+(\d+\/\d+)\s+(\S+)\s+\S+\s+\S+ (.*)$/s.exec(line);
      if (!match) continue;
      const [, type = '', mode = '', owner = '', size = '', rest = ''] = match;
      const separator = type === 'l' ? ' -> ' : type === 'h' ? ' link to ' : '\0';
      const [name = '', link = ''] = rest.split(separator);
      const path = `/${name.replace(/^\.?\//, '').replace(/\/$/, '')}`;
      if (path !== '/' && !made.test(path)) rows.set(path, { type, mode, owner, size: Number(size) || 0, link });
    }
    return rows;
  } finally {
    await session.engine.run(['rm', '--force', id]);
  }
}

function permissions(mode: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  for (const [bit, at, set] of [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const)
    if (mode & bit) letters[at] = letters[at] === 'x' ? set : set.toUpperCase();
  return letters.join('');
}

const letterOf: Record<ImageFile['kind'], string> = { file: '-', dir: 'd', link: 'l', other: '?' };

function rowsOf(files: ReadonlyMap<string, ImageFile>): Map<string, Row> {
  return new Map(
    [...files]
      .filter(([path]) => !made.test(path))
      .map(([path, file]) => [
        path,
        {
          type: letterOf[file.kind],
          mode: permissions(file.mode),
          owner: `${file.uid}/${file.gid}`,
          size: file.size,
          link: file.link ?? '',
        },
      ]),
  );
}

/** tar calls every name of a file but the first a link to it; which is first, each of both chooses. */
function withoutHardLinks(rows: Map<string, Row>, hard: ReadonlySet<string>): Map<string, Row> {
  return new Map(
    [...rows].map(([path, row]) => {
      const type = /[bcps]/.test(row.type) ? '?' : row.type;
      return [path, hard.has(path) ? { ...row, type: '-', size: 0, link: '' } : { ...row, type }];
    }),
  );
}

describe(`real images${whyNot ? ` (skipped: ${whyNot})` : ''}`, () => {
  let session: Session;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ session, close } = await openSession());
  });
  afterAll(() => close());

  async function compare(image: string): Promise<void> {
    const contents = await readImage(session, image, { compressed: 'leave' });
    const theirs = await exported(image, session);
    const ours = rowsOf(contents.files);
    const hard = new Set<string>();
    for (const [path, row] of theirs) if (row.type === 'h') hard.add(path).add(`/${row.link.replace(/^\/?/, '')}`);
    for (const [path, file] of contents.files) if (file.hardLink) hard.add(path).add(file.hardLink);
    const [left, right] = [withoutHardLinks(ours, hard), withoutHardLinks(theirs, hard)];
    const different = [...new Set([...left.keys(), ...right.keys()])].filter(
      (path) => JSON.stringify(left.get(path)) !== JSON.stringify(right.get(path)),
    );
    expect(different.slice(0, 10).map((path) => ({ path, ours: left.get(path), theirs: right.get(path) }))).toEqual([]);
    const sum = (rows: Map<string, Row>): number => [...rows.values()].reduce((total, row) => total + row.size, 0);
    expect(sum(ours)).toBe(sum(theirs));
    expect(theirs.size).toBeGreaterThan(50);
  }

  it.skipIf(images.length === 0).each(images)('%s: every file as the engine exports it', { timeout: 300_000 }, (image) => compare(image));

  it.skipIf(!images.includes('debian:12-slim'))(
    'white-outs, hard links, long names, pipes, links in the way',
    { timeout: 300_000 },
    async () => {
      const image = `dockerfile-mod-test:${session.id}`;
      await writeFile(join(session.directory, 'Dockerfile'), odd);
      await writeFile(join(session.directory, 'marker'), 'x');
      try {
        await shell(`docker build -q --label dockerfile-mod.test=${session.id} -t ${image} ${session.directory}`);
        await compare(image);
      } finally {
        await session.engine.run(['rmi', '--force', image]);
      }
    },
  );

  const shells = images.filter((image) => image === 'python:3.13-slim' || image === 'nginx:1');
  it.skipIf(shells.length === 0).each(shells)('%s: libraries as ldd finds them', { timeout: 600_000 }, async (image) => {
    const contents = await readImage(session, image, { compressed: 'leave' });
    const paths = [...contents.elf.keys()].filter((path) => !path.startsWith('/usr/lib/debug/'));
    await writeFile(join(session.directory, 'elf'), paths.map((path) => `${path}\n`).join(''));
    // ldd follows what the libraries need in turn: it names more files for the same missing library.
    const loop = `while read -r file; do ldd "$file" 2>/dev/null | sed -n "s|^\\s*\\(\\S*\\) => not found$|$file \\1|p"; done`;
    const said = await shell(
      `docker run --rm -i ${session.labels.join(' ')} --network none --entrypoint sh ${image} -c '${loop}' < ${session.directory}/elf`,
    );
    const theirs = said.split('\n').filter((line) => line !== '');
    const ours = unresolved(contents, {}).map((one) => `${one.file} ${one.needs}`);
    expect(theirs).toEqual(expect.arrayContaining(ours));
    const nameIn = (line: string): string => line.slice(line.lastIndexOf(' ') + 1);
    expect([...new Set(theirs.map(nameIn))].sort()).toEqual([...new Set(ours.map(nameIn))].sort());
    expect(ours.length).toBeGreaterThan(0);
  });

  it.skipIf(!images.includes('python:3.13-slim'))('ELF files as readelf reads them', { timeout: 300_000 }, async () => {
    const { elf } = await readImage(session, 'python:3.13-slim', { compressed: 'leave' });
    const id = await session.engine.ask(['create', ...session.labels, 'python:3.13-slim']);
    try {
      await shell(`mkdir ${session.directory}/root && docker export ${id} | tar -x -C ${session.directory}/root --no-same-owner usr`);
    } finally {
      await session.engine.run(['rm', '--force', id]);
    }
    const paths = [...elf.keys()].filter((path) => path.startsWith('/usr'));
    expect(paths.length).toBeGreaterThan(300);
    await writeFile(join(session.directory, 'paths'), paths.map((path) => `${session.directory}/root${path}\n`).join(''));
    const said = await shell(`xargs -d '\\n' readelf -dlhW < ${session.directory}/paths`);
    const theirs = new Map(
      said
        .split(/^File: /m)
        .slice(1)
        .map((part) => [part.slice(0, part.indexOf('\n')).replace(`${session.directory}/root`, ''), part]),
    );
    for (const path of paths) {
      const part = theirs.get(path) ?? '';
      const all = (tag: string): string[] =>
        [...part.matchAll(new RegExp(`\\(${tag}\\)[^\\[]*\\[(.*)\\]`, 'g'))].map((match) => match[1] ?? '');
      const list = (tag: string): string[] => all(tag).flatMap((value) => value.split(':'));
      const { needed, soname, rpath, runpath, interpreter } = elf.get(path) ?? {};
      expect({ path, needed, soname, rpath, runpath, interpreter }).toEqual({
        path,
        needed: all('NEEDED'),
        soname: all('SONAME')[0],
        rpath: list('RPATH'),
        runpath: list('RUNPATH'),
        interpreter: /Requesting program interpreter: (.*)\]/.exec(part)?.[1],
      });
    }
  });
});
