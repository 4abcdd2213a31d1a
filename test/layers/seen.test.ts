// What a layer wrote, as places: new directories as one place each, without what packages and caches are; and whose libraries programs need.
import { describe, expect, it } from 'vitest';
import { seenPlaces } from '../../src/facts/seen.ts';
import { libraryNeeds, runtimeOf } from '../../src/image/libraries.ts';
import type { FileFacts, ImageFacts, InstructionFacts } from '../../src/image/types.ts';
import { documentOf } from '../image-document.ts';

const fact = (path: string, kind: FileFacts['kind'] = 'file', owner?: string): FileFacts => ({
  path,
  kind,
  size: 1,
  mode: '0644',
  uid: 0,
  gid: 0,
  ...(owner === undefined ? {} : { owner }),
});
const layer = (more: Partial<InstructionFacts>): InstructionFacts => ({
  line: 2,
  keyword: 'RUN',
  text: 'RUN x',
  bytes: 0,
  added: [],
  changed: [],
  removed: [],
  packagesAdded: [],
  packagesRemoved: [],
  ...more,
});

describe('what a layer wrote', () => {
  it('is a new directory as a whole, and files of packages and of caches are none of it', () => {
    const added = [
      fact('/opt/x/z'),
      fact('/opt/x-y'),
      fact('/opt/x', 'dir'),
      fact('/usr/bin/gcc', 'file', 'gcc'),
      fact('/root/.npm/_cacache/a'),
    ];
    const changed = [fact('/etc/passwd'), fact('/opt', 'dir'), fact('/var/lib/dpkg/status')];
    expect(seenPlaces(layer({ added, changed, removed: ['/etc/motd'] }))).toEqual({
      writes: {
        known: [
          { path: '/opt/x', below: true },
          { path: '/opt/x-y', below: false },
          { path: '/etc/passwd', below: false },
        ],
      },
      removes: { known: [{ path: '/etc/motd', below: true }] },
    });
  });

  it('is not listed where that says no more than anywhere', () => {
    const added = Array.from({ length: 600 }, (_, n) => fact(`/data-${n}`));
    expect(seenPlaces(layer({ added }))).toBeUndefined();
  });
});

describe('whose libraries programs need', () => {
  const need = (name: string, path: string | null, owner: string | null): ImageFacts['programs'][number]['needs'][number] => ({
    name,
    path,
    owner,
  });
  const programs: ImageFacts['programs'] = [
    {
      path: '/app/a.so',
      interpreter: null,
      static: false,
      needs: [need('libz.so.1', '/lib/libz.so.1', 'zlib1g'), need('libpq.so.5', '/usr/lib/libpq.so.5', 'libpq5')],
    },
    {
      path: '/app/b.so',
      interpreter: null,
      static: false,
      needs: [need('libown.so', '/opt/libown.so', null), need('libx.so', null, null)],
    },
    { path: '/opt/libown.so', interpreter: null, static: false, needs: [] },
    { path: '/bin/other', interpreter: null, static: false, needs: [need('libssl.so.3', '/usr/lib/libssl.so.3', 'libssl3')] },
  ];

  it('names packages that not every image has, of what comes along alone, and libraries of lines that stay behind', () => {
    const facts = documentOf('FROM a\n', { facts: { programs } });
    const found = libraryNeeds(facts, (path) => path.startsWith('/app/'));
    expect(found.packages.map(({ name }) => name)).toEqual(['libpq5']);
    expect(found.loose).toEqual([{ library: '/opt/libown.so', program: '/app/b.so' }]);
    expect(libraryNeeds(facts, (path) => path.startsWith('/app/') || path.startsWith('/opt/')).loose).toEqual([]);
  });

  it('follows development packages to the libraries that they depend on', () => {
    const of = (name: string, from: 'base' | number, depends?: string[]): ImageFacts['osPackages'][number] => ({
      manager: 'dpkg',
      name,
      version: '1',
      size: null,
      manual: null,
      from,
      ...(depends ? { depends } : {}),
    });
    const osPackages = [
      of('libx-dev', 2, ['libx1', 'liby-dev', 'x-tools']),
      of('libx1', 2),
      of('liby-dev', 2, ['libx-dev', 'libz9']),
      of('libz9', 'base'),
      of('x-tools', 2),
    ];
    const added = [fact('/usr/lib/libx.so.1', 'file', 'libx1'), fact('/usr/bin/x', 'file', 'x-tools')];
    const facts = documentOf('FROM a\n', { facts: { osPackages, instructions: [layer({ added })] } });
    const kindOf = (name: string): 'dev' | 'both' => (name.endsWith('-dev') ? 'dev' : 'both');
    expect(runtimeOf('libx-dev', facts, kindOf)).toEqual(['libx1', 'libz9']);
    expect(runtimeOf('libx1', facts, kindOf)).toBeUndefined();
    expect(runtimeOf('libx-dev', { ...facts, instructions: { unknown: 'squashed' } }, kindOf)).toBeUndefined();
  });
});
