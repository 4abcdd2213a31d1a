// Room: knowledge/. Programs: their packages, and the images that have them.
import { describe, expect, it } from 'vitest';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { imagesOf } from '../../src/facts/project.ts';
import { programRows } from '../../src/knowledge/program-rows.ts';
import { hasProgram, levelOf, program, shellBuiltins, type ImageBase } from '../../src/knowledge/programs.ts';
import type { ImageRow } from '../../src/knowledge/types.ts';

describe('program', () => {
  it.each([
    ['curl', 'curl', 'curl', 'curl'],
    ['wget', 'wget', 'busybox', 'curl'],
    ['git', 'git', 'git', 'scm'],
    ['ps', 'procps', 'busybox', 'scm'],
    ['gcc', 'gcc', 'gcc', 'full'],
    ['unzip', 'unzip', 'busybox', 'full'],
    ['psql', 'postgresql-client', 'postgresql-client', 'none'],
    ['mysqldump', 'default-mysql-client', 'mariadb-client', 'none'],
    ['nc', 'netcat-openbsd', 'busybox', 'none'],
    ['envsubst', 'gettext-base', 'gettext-envsubst', 'none'],
    ['locale-gen', 'locales', undefined, 'none'],
    ['pdftotext', 'poppler-utils', 'poppler-utils', 'none'],
    ['bash', 'bash', 'bash', 'debian'],
    ['mkdir', 'coreutils', 'busybox', 'debian'],
    ['su-exec', '', 'su-exec', 'none'],
  ])('%s is in %s', (command, debian, alpine, level) => expect(program(command)).toEqual({ debian, alpine, level }));

  it('says where a package was dropped', () => expect(program('wkhtmltopdf')?.suites).toEqual(['bullseye', 'bookworm']));
  it.each(['my-tool', '__proto__', 'constructor', ''])('does not know %s', (command) => expect(program(command)).toBeUndefined());
  it('has one row for a program', () => {
    const names = programRows.flatMap((row) => row.programs.split(' '));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

const row = (repository: string): ImageRow | undefined =>
  imagesOf(ecosystems).row(repository) ?? imagesOf(ecosystems).family({ registry: 'gcr.io', repository })?.row;

describe('hasProgram', () => {
  const image = (repository: string, variant: ImageBase['variant'], version?: string, suite?: string): ImageBase => ({
    row: row(repository),
    variant,
    version,
    suite,
  });
  it.each([
    [image('node', 'full'), 'git', true],
    [image('node', 'full'), 'gcc', true],
    [image('node', 'full'), 'psql', false],
    [image('node', 'slim'), 'curl', false],
    [image('node', 'slim'), 'openssl', false],
    [image('node', 'slim'), 'python3', false],
    [image('node', 'slim'), 'ps', false],
    [image('node', 'slim'), 'bash', true],
    [image('node', 'slim'), 'npm', true],
    [image('node', 'slim', '22'), 'yarn', true],
    [image('node', 'slim', '26'), 'yarn', false],
    [image('node', 'slim', '22.3.0'), 'corepack', true],
    [image('node', 'slim', '25'), 'corepack', false],
    [image('node', 'slim'), 'corepack', undefined],
    [image('node', 'alpine'), 'bash', false],
    [image('node', 'alpine'), 'wget', true],
    [image('node', 'alpine'), 'node', true],
    [image('node', 'slim'), 'pnpm', undefined],
    [image('python', 'slim'), 'update-ca-certificates', true],
    [image('python', 'slim'), 'openssl', true],
    [image('python', 'slim'), 'git', false],
    [image('python', 'slim'), 'gcc', false],
    [image('python', 'slim', '3.12.4'), 'python3.12', true],
    [image('python', 'slim', '3.12.4'), 'pip', true],
    [image('golang', 'full'), 'go', true],
    [image('golang', 'full'), 'git', true],
    [image('golang', 'full'), 'gcc', true],
    [image('golang', 'full'), 'unzip', false],
    [image('golang', 'alpine'), 'git', false],
    [image('golang', 'alpine'), 'gcc', false],
    [image('rust', 'slim'), 'gcc', true],
    [image('rust', 'slim'), 'make', false],
    [image('rust', 'full'), 'make', true],
    [image('rust', 'slim'), 'cargo', true],
    [image('debian', 'slim'), 'curl', false],
    [image('debian', 'slim'), 'useradd', true],
    [image('debian', 'slim', '12', 'bookworm'), 'adduser', true],
    [image('debian', 'slim', '13', 'trixie'), 'adduser', false],
    [image('debian', 'slim'), 'adduser', undefined],
    [image('node', 'full'), 'adduser', true],
    [image('alpine', 'alpine'), 'adduser', true],
    [image('alpine', 'alpine'), 'useradd', false],
    [image('alpine', 'alpine'), 'apt-get', false],
    [image('eclipse-temurin', 'full'), 'curl', true],
    [image('nginx', 'alpine'), 'nginx', true],
    [image('distroless/nodejs22-debian13', 'distroless'), 'node', true],
    [image('distroless/nodejs22-debian13', 'distroless'), 'sh', false],
    [image('distroless/static-debian12', 'distroless'), 'sh', false],
    [image('scratch', 'other'), 'sh', false],
    [image('debian', 'slim'), 'my-tool', undefined],
    [image('unknown', 'full'), 'curl', undefined],
    [image('constructor', 'full'), 'curl', undefined],
  ])('%j %s: %s', (base, command, has) => expect(hasProgram(base, command)).toBe(has));

  it.each([
    ['node', 'full', 'full'],
    ['golang', 'full', 'scm'],
    ['python', 'slim', 'debian'],
    ['debian', 'full', 'debian'],
    ['node', 'alpine', 'alpine'],
    ['scratch', 'other', 'none'],
    ['node', 'other', undefined],
  ] as const)('%s %s holds %s', (repository, variant, level) => expect(levelOf({ row: row(repository), variant })).toBe(level));
});

it('shell builtins', () => {
  for (const name of ['cd', 'set', 'export', 'exec', '[', 'trap']) expect(shellBuiltins.has(name)).toBe(true);
  for (const name of ['ls', 'node', 'chown']) expect(shellBuiltins.has(name)).toBe(false);
});
