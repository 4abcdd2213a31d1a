// Tests of uses/: compose files and CI.
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/context/memory.ts';
import { buildContexts, composeContexts, uses } from '../../src/uses/uses.ts';
import type { ServiceUse, Uses } from '../../src/uses/types.ts';
import { costOf } from '../cost.ts';

const read = (files: Record<string, string>, dockerfile: string | undefined = 'Dockerfile', context = ''): Uses =>
  uses(memoryTree(files), dockerfile, context);
const one = (yaml: string): ServiceUse | undefined => read({ 'compose.yaml': yaml }).services[0];
const names = (files: Record<string, string>, dockerfile?: string, context?: string): string[] =>
  read(files, dockerfile, context).services.map((s) => `${s.file}:${s.service}`);

describe('which services build this Dockerfile', () => {
  test('the short form', () =>
    expect(one('services:\n  web:\n    build: .\n')).toMatchObject({
      file: 'compose.yaml',
      service: 'web',
      context: '',
      dockerfile: 'Dockerfile',
      evidence: { file: 'compose.yaml', line: 2 },
    }));
  test('context, Dockerfile and target', () =>
    expect(one('services:\n  web:\n    build:\n      context: ./\n      dockerfile: ./Dockerfile\n      target: app\n')).toMatchObject({
      target: 'app',
    }));
  test('others do not count', () =>
    expect(
      names({
        'compose.yaml': 'services:\n  a: {build: ./other}\n  b: {image: redis}\n  c: {build: {context: ., dockerfile: Dockerfile.dev}}\n',
      }),
    ).toEqual([]));
  test('a Dockerfile below, built from the root (hard case 31)', () => {
    const files = { 'docker-compose.yml': 'services:\n  web:\n    build:\n      context: .\n      dockerfile: apps/web/Dockerfile\n' };
    expect(names(files, 'apps/web/Dockerfile')).toEqual(['docker-compose.yml:web']);
    expect(composeContexts(memoryTree(files))).toEqual([
      { file: 'docker-compose.yml', service: 'web', context: '', dockerfile: 'apps/web/Dockerfile', target: undefined },
    ]);
  });
  test('`dockerfile`, where there is no `Dockerfile`', () => {
    const files = { 'compose.yaml': 'services:\n  web: {build: .}\n', dockerfile: 'FROM a\n' };
    expect(names(files, 'dockerfile')).toEqual(['compose.yaml:web']);
    expect(names({ ...files, Dockerfile: 'FROM a\n' }, 'dockerfile')).toEqual([]);
  });
  test('a compose file in a sub-directory', () =>
    expect(names({ 'deploy/docker/docker-compose.prod.yml': 'services:\n  web:\n    build: ../..\n' })).toEqual([
      'deploy/docker/docker-compose.prod.yml:web',
    ]));
  test('files deeper down, and other names, are not read', () =>
    expect(
      names({
        'a/b/c/compose.yml': 'services: {web: {build: ../../..}}',
        'composer.yml': 'services: {web: {build: .}}',
        'node_modules/compose.yml': 'services: {web: {build: ..}}',
      }),
    ).toEqual([]));
  test('remote contexts, inline Dockerfiles, absolute paths', () =>
    expect(
      composeContexts(
        memoryTree({
          'compose.yml':
            'services:\n  a: {build: "https://github.com/x/y.git#main"}\n  b: {build: "git@github.com:x/y.git"}\n  c: {build: {context: ., dockerfile_inline: FROM x}}\n  d: {build: /srv/app}\n  e: {build: "../up"}\n',
        }),
      ),
    ).toEqual([{ file: 'compose.yml', service: 'e', context: '../up', dockerfile: '../up/Dockerfile', target: undefined }]));
  test('variables in paths take their defaults', () => {
    expect(names({ 'compose.yml': 'services: {web: {build: {context: "${CTX:-.}", dockerfile: "${F-Dockerfile}"}}}' })).toHaveLength(1);
    expect(names({ 'compose.yml': 'services: {web: {build: "${CTX}"}}' })).toEqual([]);
  });
  test('standard input: the context and the usual name', () => {
    expect(
      uses(memoryTree({ 'compose.yml': 'services:\n  a: {build: ./api}\n  b: {build: .}\n' }), undefined, 'api').services.map(
        (s) => s.service,
      ),
    ).toEqual(['a']);
  });
  test('a second service on the same image (hard case 22)', () => {
    const { services } = read({
      'compose.yml':
        'services:\n  app:\n    build: {context: ., target: app}\n    image: shop\n  migrate:\n    image: shop\n    command: npm run migrate\n',
    });
    expect(services.map((s) => [s.service, s.target, s.command])).toEqual([
      ['app', 'app', undefined],
      ['migrate', 'app', 'npm run migrate'],
    ]);
  });
  test('an override file is merged over the base', () => {
    const { services } = read({
      'docker-compose.yml': 'services: {app: {build: .}}',
      'docker-compose.override.yml': 'services: {app: {command: npm run dev, volumes: [".:/app"]}}',
    });
    expect(services.map((s) => [s.file, s.command, s.mounts.length])).toEqual([
      ['docker-compose.override.yml', 'npm run dev', 1],
      ['docker-compose.yml', undefined, 0],
    ]);
  });
  test('extends, also in circles', () => {
    expect(
      read({
        'compose.yml':
          'services:\n  base: {build: ., user: "1000"}\n  web: {extends: base, command: [x]}\n  job: {extends: {service: base}}\n',
      }).services.map((s) => [s.service, s.user]),
    ).toEqual([
      ['base', '1000'],
      ['web', '1000'],
      ['job', '1000'],
    ]);
    expect(names({ 'compose.yml': 'services:\n  a: {extends: b}\n  b: {extends: a}\n' })).toEqual([]);
  });
  test('merge keys', () =>
    expect(one('x-base: &base\n  build: .\n  user: node\nservices:\n  web:\n    <<: *base\n    command: serve\n')).toMatchObject({
      user: 'node',
      command: 'serve',
      evidence: { line: 5 },
    }));
});

describe('how a service runs the image', () => {
  const web = (fields: string): ServiceUse | undefined => one(`services:\n  web:\n    build: .\n${fields.replace(/^/gm, '    ')}\n`);
  test('command, entrypoint, healthcheck, user, capabilities', () =>
    expect(
      web(
        'command: npm run ${SCRIPT:-start}\nentrypoint: ["/init", 3]\nhealthcheck: {test: ["CMD", "curl", "-f", "http://x"]}\nuser: 1000:1000\ncap_add: [NET_ADMIN]',
      ),
    ).toMatchObject({
      command: 'npm run ${SCRIPT:-start}',
      entrypoint: ['/init', '3'],
      healthcheck: ['CMD', 'curl', '-f', 'http://x'],
      user: '1000:1000',
      capAdd: ['NET_ADMIN'],
    }));
  test('a disabled healthcheck is none', () => expect(web('healthcheck: {disable: true, test: x}')?.healthcheck).toBeUndefined());
  test('volumes', () =>
    expect(
      web(
        'volumes:\n- ./src:/app/src:ro\n- data:/data\n- /app/node_modules\n- ${PWD:-.}:/w\n- ~/.aws:/root/.aws\n- C:\\x:/c\n- {type: bind, source: ., target: /app}\n- {type: volume, source: db, target: /db}\n- {type: tmpfs, target: /tmp}\n- /var/run/docker.sock:/var/run/docker.sock',
      )?.mounts,
    ).toEqual([
      { kind: 'bind', source: './src', target: '/app/src' },
      { kind: 'volume', source: 'data', target: '/data' },
      { kind: 'volume', source: undefined, target: '/app/node_modules' },
      { kind: 'bind', source: '${PWD:-.}', target: '/w' },
      { kind: 'bind', source: '~/.aws', target: '/root/.aws' },
      { kind: 'bind', source: 'C:\\x', target: '/c' },
      { kind: 'bind', source: '.', target: '/app' },
      { kind: 'volume', source: 'db', target: '/db' },
      { kind: 'bind', source: '/var/run/docker.sock', target: '/var/run/docker.sock' },
    ]));
});

describe('builders of CI', () => {
  const builder = (files: Record<string, string>): string[] =>
    read(files).builder.map((b) => `${b.kind} ${b.evidence.file}:${b.evidence.line}`);
  test('kaniko', () =>
    expect(builder({ '.gitlab-ci.yml': 'build:\n  image:\n    name: gcr.io/kaniko-project/executor:v1.23.2-debug\n' })).toEqual([
      'kaniko .gitlab-ci.yml:3',
    ]));
  test('the classic builder, by setting', () =>
    expect(
      builder({
        '.github/workflows/ci.yml': 'env:\n  DOCKER_BUILDKIT: "0"\n',
        '.circleci/config.yml': 'run: DOCKER_BUILDKIT=0 docker build .',
      }),
    ).toEqual(['classic .github/workflows/ci.yml:2', 'classic .circleci/config.yml:1']));
  test('the classic builder, by version', () => {
    expect(builder({ '.gitlab-ci.yml': 'image: docker:20.10\nservices:\n- docker:20.10-dind\n' })).toEqual(['classic .gitlab-ci.yml:1']);
    expect(builder({ '.gitlab-ci.yml': 'image: docker:20.10\nvariables:\n  DOCKER_BUILDKIT: 1\n' })).toEqual([]);
    expect(builder({ '.gitlab-ci.yml': 'image: docker:27\n' })).toEqual([]);
  });
  test('Cloud Build', () => {
    expect(builder({ 'cloudbuild.yaml': "steps:\n- name: 'gcr.io/cloud-builders/docker'\n  args: [build, .]\n" })).toEqual([
      'classic cloudbuild.yaml:2',
    ]);
    expect(builder({ 'cloudbuild.yaml': "steps:\n- name: 'gcr.io/cloud-builders/docker'\n  env: ['DOCKER_BUILDKIT=1']\n" })).toEqual([]);
  });
  test('comments and usual builds say nothing', () =>
    expect(
      builder({
        '.github/workflows/ci.yml':
          '# gcr.io/kaniko-project/executor\nsteps:\n- uses: docker/build-push-action@v6\n- run: docker build .\n',
      }),
    ).toEqual([]));
});

describe('hostile content', () => {
  const quick = (yaml: string): Uses => {
    let found: Uses | undefined;
    expect(costOf(() => (found = read({ 'compose.yml': yaml })))).toBeLessThan(150);
    return found as Uses;
  };
  const service = '\nservices: {web: {build: .}}\n';
  test('aliases that grow', () =>
    expect(
      quick(
        `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`).join('\n')}${service}`,
      ).services,
    ).toEqual([]));
  test('many anchors', () => void quick(`x:\n${Array.from({ length: 20_000 }, (_, i) => `- &a${i} x\n- *a${i}`).join('\n')}${service}`));
  test('deep nesting', () => expect(quick(`x: ${'['.repeat(50_000)}${service}`).services).toEqual([]));
  test('an alias to itself', () => void quick(`a: &a\n  <<: *a\n${service}`));
  test('too long', () => expect(quick(`x: ${'y'.repeat(1_000_001)}${service}`).services).toEqual([]));
  test('__proto__', () => {
    expect(
      quick('__proto__: {build: .}\nservices:\n  __proto__: {build: .}\n  web: {__proto__: {build: .}}\n').services.map((s) => s.service),
    ).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['build']).toBeUndefined();
  });
  test.each([
    'services: []',
    'services: {a: 1, b: null, c: [x]}',
    'services: {a: {build: [1], volumes: {x: 1}, extends: [2]}}',
    'services: {a: {build: {context: {x: 1}, dockerfile: []}, volumes: [null, 3, {}], cap_add: x}}',
    '[1, 2',
    '- - -',
    '',
    '%YAML 9\n---\n...',
  ])('wrong types: %s', (yaml) => void quick(yaml));
  test('a long line of CI', () => void read({ '.gitlab-ci.yml': `x: ${'gcloud builds submit '.repeat(40_000)}` }));
});

describe('the builds that a repository names', () => {
  const files = { 'docker/dev/Dockerfile': 'FROM a\n', 'api/Dockerfile': 'FROM a\n' };
  const of = (more: Record<string, string>) => buildContexts(memoryTree({ ...files, ...more }));
  const dev = [{ dockerfile: 'docker/dev/Dockerfile', context: '' }];

  test('are those of CI, scripts and Makefiles at its root', () => {
    const line = 'DOCKER_BUILDKIT=1 docker build -f docker/dev/Dockerfile --cache-from $CI_IMAGE:dev -t $CI_IMAGE:dev .';
    expect(of({ '.gitlab-ci.yml': `build:\n  script:\n    - ${line}\n` })).toEqual(dev);
    expect(of({ 'build.sh': `#!/bin/sh\n${line}\n` })).toEqual(dev);
    expect(of({ Makefile: 'image:\n\t@docker build -t x -f docker/dev/Dockerfile .\n' })).toEqual(dev);
    expect(of({ Makefile: 'image:\n\tdocker build -t x -f api/Dockerfile api\n' })).toEqual([
      { dockerfile: 'api/Dockerfile', context: 'api' },
    ]);
  });

  test('are those of the action that builds and pushes', () => {
    const workflow = (given: string): string =>
      `jobs:\n  image:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: docker/build-push-action@v6\n        with:\n${given}`;
    expect(of({ '.github/workflows/image.yml': workflow('          file: docker/dev/Dockerfile\n          push: true\n') })).toEqual(dev);
    expect(of({ '.github/workflows/image.yml': workflow('          context: api\n          file: ./api/Dockerfile\n') })).toEqual([
      { dockerfile: 'api/Dockerfile', context: 'api' },
    ]);
  });

  test('are none where a path is computed, missing, outside, or seen from a directory that is not told', () => {
    expect(of({ Makefile: 'image:\n\tdocker build -f $(FILE) .\n' })).toEqual([]);
    expect(of({ 'build.sh': 'docker build -f Dockerfile.dev .\n' })).toEqual([]);
    expect(of({ 'build.sh': 'docker build -f docker/dev/Dockerfile ..\n' })).toEqual([]);
    expect(of({ 'build.sh': 'docker build -f docker/dev/Dockerfile - < x.tar\n' })).toEqual([]);
    expect(of({ 'api/build.sh': 'cd .. && docker build -f docker/dev/Dockerfile .\n' })).toEqual([]);
    expect(of({ '.github/workflows/image.yml': 'jobs: [1, {steps: 2}]\n# build-push-action\n' })).toEqual([]);
  });
});
