// Quill, a language that does not exist: all that an ecosystem has to say, in one folder. Its line in the list of ecosystems is the only change elsewhere.
import { parseShell } from '../../../src/dockerfile/shell.ts';
import { ownProgram } from '../../../src/effects/interpreters.ts';
import type { Ecosystem } from '../../../src/ecosystems/door.ts';
import { managerRow } from '../../../src/ecosystems/manager-row.ts';
import type { EcosystemProject, ProjectReader } from '../../../src/ecosystems/types.ts';
import { candidate } from '../../../src/ignore/candidates.ts';
import { splitQuill } from './split.ts';

interface QuillProject {
  dir: string;
  files: string[];
}

/** The directory has a quill.toml: with its lock it is all that an install reads. */
const reader: ProjectReader<QuillProject> = {
  read(tree, dir) {
    const files = ['quill.toml', 'quill.lock'].map((name) => [dir, name].filter(Boolean).join('/')).filter((path) => tree.stat(path));
    return files[0]?.endsWith('quill.toml') ? { dir, files } : undefined;
  },
};

const facts = ({ files }: QuillProject): EcosystemProject => ({
  hits: () => [],
  manifests: () => ({ set: { files, dirs: [], scripts: false, evidence: [{ file: 'quill.toml', says: 'lists the packages' }] } }),
});

const ink = managerRow({
  id: 'ink',
  ecosystem: 'quill',
  manual: 'https://quill.example/ink',
  programs: ['ink'],
  manifests: ['quill.toml'],
  lockfiles: ['quill.lock'],
  verbs: { install: 'install', add: 'install-named', build: 'build', test: 'test', start: 'run' },
  caches: [{ target: '~/.cache/ink', movedBy: [{ env: 'INK_CACHE' }], source: 'https://quill.example/ink/cache' }],
  readsManifests: true,
  installsInto: { name: 'quill_modules' },
  effects: ({ args: [verb, script] }) =>
    verb?.value === 'start' && script?.value === 'serve'
      ? { does: { kind: 'package', manager: 'ink', what: 'run' }, starts: parseShell('quill dist/main.qlc').commands }
      : undefined,
});

export const quill: Ecosystem = {
  id: 'quill',
  images: [
    {
      repository: 'quill',
      cmd: ['quill'],
      interactive: true,
      source: 'https://quill.example/images',
      tags: { slim: 'last', suites: [['4', 'bookworm']] },
      programs: [{ names: 'quill ink' }],
      level: 'full',
      certificates: 'all',
      megabytes: { full: 900, slim: 120 },
    },
  ],
  managers: [ink],
  rows: [{ programs: 'quill', source: 'https://quill.example/quill', tell: (call) => ownProgram(call, 0, 'quill') }],
  project(reads, dir) {
    const project = reads.read(reader, dir);
    return project && facts(project);
  },
  ignored: ({ project }) => (project.read(reader, '') ? [candidate('quill_modules', { essential: true, review: true, made: true })] : []),
  onSlim: () => ({ packages: [], evidence: [] }),
  split: splitQuill,
};
