// A fifth ecosystem, and what adding one costs: a folder of its own (quill/), and its line in the list that the road is given.
import { describe, expect, it } from 'vitest';
import { memoryTree } from '../../src/context/memory.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { Ecosystem } from '../../src/ecosystems/door.ts';
import { managerRow } from '../../src/ecosystems/manager-row.ts';
import { refactorWith } from '../../src/refactor.ts';
import type { Options, Refactored } from '../../src/types.ts';
import { transforms } from '../../transforms/index.ts';
import { quill } from './quill/index.ts';

const files = {
  'quill.toml': '[package]\nname = "letters"\n',
  'quill.lock': 'ink = 1\n',
  'src/main.ql': 'say "hello"\n',
};
const dockerfile = (...lines: string[]): string => `${lines.join('\n')}\n`;

function run(known: readonly Ecosystem[], source: string, options: Partial<Options> = {}, more: Record<string, string> = {}): Refactored {
  const tree = memoryTree({ ...files, ...more, Dockerfile: source });
  const result = refactorWith(transforms, known, source, { tree, dockerfilePath: 'Dockerfile', contextCertain: true }, options);
  if (!result.ok) throw new Error(result.error.message);
  return result;
}

describe('an ecosystem is one line', () => {
  const source = dockerfile(
    'FROM quill:4',
    'WORKDIR /app',
    'COPY . .',
    'RUN ink install',
    'RUN ink build',
    'EXPOSE 8080',
    'CMD ["quill", "dist/main.qlc"]',
  );

  it('its images, manager, manifests, caches, patterns and split make a Dockerfile of it what every other gets', () => {
    const { output, files, applied } = run([...ecosystems, quill], source);
    expect(output).toBe(
      dockerfile(
        '# syntax=docker/dockerfile:1',
        'FROM quill:4 AS builder',
        'WORKDIR /app',
        'COPY quill.toml quill.lock ./',
        'RUN --mount=type=cache,target=/root/.cache/ink ink install',
        'COPY . .',
        'RUN ink build',
        '',
        'FROM quill:4-slim',
        'RUN groupadd --gid 1000 app && useradd --uid 1000 --gid 1000 --create-home --shell /usr/sbin/nologin app',
        'WORKDIR /app',
        'COPY --from=builder /app/quill_modules ./quill_modules',
        'COPY --from=builder /app/dist ./dist',
        'EXPOSE 8080',
        'RUN chown 1000:1000 /app',
        'USER 1000:1000',
        'CMD ["quill", "dist/main.qlc"]',
      ),
    );
    expect(files.map(({ path, after }) => [path, after])).toEqual([['.dockerignore', '.git\nquill_modules\nDockerfile*\n.dockerignore\n']]);
    expect(applied.map((one) => one.transform)).toEqual([
      'dockerignore',
      'copy-order',
      'multi-stage',
      'non-root-user',
      'cache-mounts',
      'syntax-directive',
    ]);
  });

  it('without the line nobody knows it', () => {
    const { output, skipped } = run(ecosystems, source);
    expect(output).toBe(source);
    expect(skipped.map((one) => one.reason)).toContain('unknown-base');
  });

  it('its scripts are followed, its slim image is used where nothing is to split, and its refusals are told', () => {
    const plain = source.replace('RUN ink build\n', '').replace('"quill", "dist/main.qlc"', '"ink", "start", "serve"');
    const { output, skipped } = run([...ecosystems, quill], plain, { only: ['multi-stage', 'base-slim'] });
    expect(skipped.map((one) => [one.transform, one.reason])).toEqual([['multi-stage', 'no-gain']]);
    expect(output).toContain('FROM quill:4-slim\n');
  });

  it('what its installs make is not overwritten', () => {
    const reasons = (files: Record<string, string>): string[] =>
      run([...ecosystems, quill], source, { only: ['copy-order'] }, { 'quill_modules/x.qlc': '', ...files }).skipped.map(
        (one) => one.reason,
      );
    expect(reasons({ '.gitignore': 'quill_modules\n' })).toEqual(['host-artifacts-in-context']);
    // without that line it is part of the repository
    expect(reasons({})).toEqual(['packages-committed']);
  });
});

it('a package manager is a row', () => {
  const nib = managerRow({
    id: 'nib',
    ecosystem: 'quill',
    manual: 'https://quill.example/nib',
    programs: ['nib'],
    manifests: ['quill.toml', 'nib.lock'],
    lockfiles: ['nib.lock'],
    verbs: { get: 'install' },
    caches: [{ target: '~/.nib', movedBy: [], source: 'https://quill.example/nib' }],
    readsManifests: true,
  });
  const withNib = [...ecosystems, { ...quill, managers: [...quill.managers, nib] }];
  const source = dockerfile('FROM quill:4', 'WORKDIR /app', 'COPY . .', 'RUN nib get', 'CMD ["quill", "src/main.ql"]');
  expect(run(withNib, source, { only: ['copy-order', 'cache-mounts'] }).output).toBe(
    dockerfile(
      'FROM quill:4',
      'WORKDIR /app',
      'COPY quill.toml quill.lock ./',
      'RUN --mount=type=cache,target=/root/.nib nib get',
      'COPY . .',
      'CMD ["quill", "src/main.ql"]',
    ),
  );
});
