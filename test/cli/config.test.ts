// The configuration: where it is found, what counts more, what is wrong in it, and that the reader and the JSON Schema agree.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { readConfig } from '../../src/checkout/config/read.ts';
import { listTransforms } from '../../src/index.ts';
import { node, scratch, slim } from './scratch.ts';

const ids = listTransforms().map(({ id }) => id);
const repository = { '.git/HEAD': '', 'api/Dockerfile': node, 'web/old/Dockerfile': node };

describe('the configuration', () => {
  it.each([
    ['.dockerfile-mod.yml', 'skip: base-slim\n'],
    ['.dockerfile-mod.yaml', 'only: [dockerignore]\n'],
    ['.dockerfile-mod.json', '{\n\t"skip": ["base-slim"]\n}\n'],
    ['package.json', '{ "name": "x", "dockerfile-mod": { "skip": ["base-slim"] } }'],
  ])('%s', async (name, text) => {
    const at = scratch({ ...repository, [name]: text });
    expect((await at.run(['.'])).code).toBe(0);
    expect(at.read('api/Dockerfile')).toBe(node);
  });

  it('package.json without the key, or broken, says nothing', async () => {
    const at = scratch({ ...repository, 'package.json': '{ "name": "dockerfile-mod" }', 'api/package.json': '{ "dockerfile-mod": ' });
    await at.run(['.']);
    expect(at.read('api/Dockerfile')).toBe(slim);
  });

  it('nearer files count more, overrides more than the rest of their file, flags most; skip adds up', async () => {
    const at = scratch({
      ...repository,
      'shared/base.yml': 'level: safe\nbase: keep\nskip: [dockerignore]\n',
      '.dockerfile-mod.yml':
        'extends: shared/base.yml\nlevel: balanced\noverrides:\n  - paths: [web]\n    level: max\n  - paths: "web/old/*"\n    enabled: off\n',
      'api/.dockerfile-mod.yml': 'skip: [non-root-user]\nlevel: safe\n',
    });
    expect((await at.run(['--print-config', 'api', 'web'])).out).toBe(`api/Dockerfile
  enabled: true                        # preset
  level: safe                          # api/.dockerfile-mod.yml:2
  base: keep                           # shared/base.yml:2
  only: all                            # preset
  skip: [dockerignore, non-root-user]  # shared/base.yml:3, api/.dockerfile-mod.yml:1
  context: found                       # compose files and the layout
web/old/Dockerfile
  enabled: false        # .dockerfile-mod.yml:7
  level: max            # .dockerfile-mod.yml:5
  base: keep            # shared/base.yml:2
  only: all             # preset
  skip: [dockerignore]  # shared/base.yml:3
  context: found        # compose files and the layout
`);
    const [json] = JSON.parse((await at.run(['--print-config', '--format', 'json', '--level', 'max', 'api'])).out);
    expect(json).toMatchObject({ path: 'api/Dockerfile', level: { value: 'max', from: '--level' } });
    await at.run(['.']);
    expect({ api: at.read('api/Dockerfile'), old: at.read('web/old/Dockerfile') }).toEqual({ api: slim, old: node });
  });

  it('what an outer file leaves alone, an inner one does not take up', async () => {
    const at = scratch({ ...repository, '.dockerfile-mod.yml': 'enabled: false', 'api/.dockerfile-mod.yml': 'enabled: true' });
    await at.run(['.']);
    expect(at.read('api/Dockerfile')).toBe(node);
  });

  it.each([
    ['level: hihg', '.dockerfile-mod.yml:1:8: `level` may be safe, balanced, max'],
    ['\nskip:\n  - base-slim\n  - base-slimm', '.dockerfile-mod.yml:4:5: no transform is called `base-slimm`; they are base-slim'],
    ['overides: []', 'did you mean `overrides`?'],
    ['overrides:\n  - level: safe', '.dockerfile-mod.yml:2:5: each of `overrides` has `paths`'],
    ['extends: https://example.com/x.yml', '`extends` names files of this repository'],
    ['extends: ../../other.yml', '../../other.yml lies outside of the repository'],
    ['extends: gone.yml', '.dockerfile-mod.yml:1:1: gone.yml: no such file'],
    ['extends: .dockerfile-mod.yml', '.dockerfile-mod.yml extends this file in turn'],
    ['context: /srv', '`context` is a directory, relative to this file'],
    ['context: ../..', 'the build context lies outside of the repository'],
    ['context: gone', '.dockerfile-mod.yml:1:1: gone: no such directory'],
    ['a: 1\na: 2', '.dockerfile-mod.yml:2:1: is no YAML: Map keys must be unique'],
    ['skip: &x [base-slim]\nonly: *x', '.dockerfile-mod.yml:2:7: aliases are not read here: write the value out'],
    ['mirrors: [x]', '.dockerfile-mod.yml:1:10: `mirrors` names registries'],
    ['mirrors:\n  node:*: docker.io', '.dockerfile-mod.yml:2:3: `mirrors` names registries'],
    ['mirrors:\n  registry.example.com/node:22: node:22', '.dockerfile-mod.yml:2:3: `mirrors` names registries'],
    ['replacements:\n  node:22: registry.example.com/node:*', '.dockerfile-mod.yml:2:12: `replacements` names images'],
    ['replacements:\n  node:*: registry.example.com/node', '.dockerfile-mod.yml:2:11: `replacements` names images'],
    ['campaign: yes', '.dockerfile-mod.yml:1:11: `campaign` has the options of a campaign'],
  ])('%j is an error, and nothing is written', async (text, says) => {
    const at = scratch({ ...repository, '.dockerfile-mod.yml': text });
    const before = at.all();
    const { code, err } = await at.run(['api']);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(at.all()).toEqual(before);
    expect((await at.run(['--print-config', 'api'])).err).toContain(says);
  });

  it('names the build context', async () => {
    const files = { 'docker/Dockerfile': '# ignore: x\nFROM node:22\n', '.git/HEAD': '', 'app/x': '' };
    const at = scratch({ ...files, '.dockerfile-mod.yml': 'context: app\n' });
    await at.run(['.']);
    expect(Object.keys(at.all())).toContain('app/.dockerignore');
  });

  it('knows what a registry is a mirror of', async () => {
    const dockerfile = 'FROM registry.example.com/hub/library/debian:bookworm\nCOPY x /x\nCMD ["/x"]\n';
    const files = { '.git/HEAD': '', 'api/Dockerfile': dockerfile, 'api/x': '#!/bin/sh\n' };
    const at = scratch({ ...files, '.dockerfile-mod.yml': 'mirrors:\n  registry.example.com/hub: docker.io\n' }, core);
    expect((await at.run(['--dry-run', '--only', 'base-slim', '.'])).out).toContain(
      '+FROM registry.example.com/hub/library/debian:bookworm-slim',
    );
    expect((await scratch(files, core).run(['--dry-run', '--only', 'base-slim', '.'])).out).not.toContain('+FROM');
  });

  it('knows single images, and takes the last stage from where it is wanted; says which file wants it', async () => {
    const files = { '.git/HEAD': '', 'api/Dockerfile': 'FROM node:22\nCMD ["node", "x.js"]\n' };
    const at = scratch(
      {
        ...files,
        '.dockerfile-mod.yml': 'mirrors:\n  registry.example.com/js:*: node:*\nreplacements:\n  node:*: registry.example.com/js:*\n',
      },
      core,
    );
    expect((await at.run(['--print-config', 'api'])).out).toContain(`
  mirrors: registry.example.com/js: docker.io/library/node  # .dockerfile-mod.yml:2
  replacements: node:*: registry.example.com/js:*           # .dockerfile-mod.yml:4
`);
    const [json] = JSON.parse((await at.run(['--print-config', '--format', 'json', 'api'])).out);
    expect(json).toMatchObject({ replacements: { value: ['node:*: registry.example.com/js:*'], from: '.dockerfile-mod.yml:4' } });
    const { out } = await at.run(['--dry-run', '--explain', '--only', 'base-replacement', '.']);
    expect(out).toContain('+FROM registry.example.com/js:22');
    expect(out).toContain('.dockerfile-mod.yml:4');
  });

  it('init writes what the flags say, once; what it writes is read', async () => {
    const at = scratch(repository);
    expect(await at.run(['init', '--level', 'safe', '--skip', 'base-slim'], { cwd: join(at.root, 'api') })).toMatchObject({
      code: 0,
      err: '',
    });
    const text = at.read('.dockerfile-mod.yml');
    expect(text).toContain('\nlevel: safe\n');
    expect(readConfig(text, ids)).toMatchObject({
      problems: [],
      config: { rules: { level: { value: 'safe' }, skip: { value: ['base-slim'] } } },
    });
    // Every line that is commented out may be used.
    const all = text
      .replaceAll(/^# (?=[\w ]+:|  )/gm, '')
      .replaceAll(/^(?:Configuration|What|Registries|Files|Rules|Transforms|One|How|Some)\b.*$/gm, '');
    expect(readConfig(all, ids).problems.filter(({ message }) => message.includes('YAML'))).toEqual([]);
    expect((await at.run(['init'])).err).toContain('.dockerfile-mod.yml is there already; nothing was written');
  });
});

describe('the JSON Schema', () => {
  const schema = JSON.parse(readFileSync('schema/config.schema.json', 'utf8')) as Record<string, unknown>;
  const isValid = new Ajv2020({ formats: { uri: true, date: true } }).compile(schema);

  it('agrees with the reader', () => {
    const id = fc.constantFrom(...ids, 'nope');
    const rules = {
      enabled: fc.constantFrom<unknown>(true, false, 'no', 'maybe', 1),
      level: fc.constantFrom('safe', 'max', 'high', ''),
      base: fc.constantFrom<unknown>('slim', 'scratch', 'thin', null),
      only: fc.oneof(id, fc.array(id), fc.constant<unknown>([1])),
      skip: fc.oneof(id, fc.array(id), fc.constant<unknown>({})),
      context: fc.constantFrom('.', '../x', '/x', ''),
    };
    const paths = fc.oneof(fc.constantFrom('a/**', ''), fc.array(fc.constantFrom('x', 'y/*')), fc.constant<unknown>(3));
    const top = {
      ...rules,
      extends: fc.oneof(fc.constantFrom('x.yml', ''), fc.constant<unknown>(['a.yml', 1])),
      overrides: fc.oneof(fc.array(fc.record({ ...rules, paths }, { requiredKeys: [] }), { maxLength: 2 }), fc.constant<unknown>('x')),
      mirrors: fc.dictionary(
        fc.constantFrom('registry.example.com', 'localhost:5000/a/b', 'registry.example.com/a:*', 'node:*', 'registry.example.com:*'),
        fc.constantFrom<unknown>('docker.io', 'node', 'bitnami/node:*', 'gcr.io/distroless', 'node:22', 1),
        { maxKeys: 2 },
      ),
      replacements: fc.dictionary(
        fc.constantFrom('node', 'node:*', 'node:22', 'registry.example.com:5000/a:*-slim', 'no de', 'a:**'),
        fc.constantFrom<unknown>('registry.example.com/a:*', 'a:22', 'a', 'registry.example.com:5000/a', 'a:*-*', 3),
        { maxKeys: 2 },
      ),
      campaign: fc.constantFrom<unknown>({ id: 'x' }, {}, 'x'),
      other: fc.constant(1),
    };
    fc.assert(
      fc.property(fc.record(top, { requiredKeys: [] }), (value) => {
        const { problems } = readConfig(stringify(value), ids);
        expect({ value, valid: problems.length === 0 }).toEqual({ value, valid: isValid(value) });
      }),
      { numRuns: 400 },
    );
  });
});

describe('standard input', () => {
  const files = { '.git/HEAD': '', 'api/Dockerfile': node, 'api/.dockerfile-mod.yml': 'skip: base-slim\n', Dockerfile: node };

  it('is the Dockerfile of the directory in which the run is started, inside of a repository', async () => {
    const at = scratch(files);
    expect((await at.run(['-'], { input: node })).out).toBe(slim);
    expect((await at.run(['-'], { input: node, cwd: join(at.root, 'api') })).out).toBe(node);
  });

  it('is the file that --stdin-filename names', async () => {
    const at = scratch(files);
    expect((await at.run(['--stdin-filename', 'api/Dockerfile', '-'], { input: node })).out).toBe(node);
    expect((await at.run(['--stdin-filename', 'api/Dockerfile', 'api'])).err).toContain('--stdin-filename goes with standard input');
  });
});
