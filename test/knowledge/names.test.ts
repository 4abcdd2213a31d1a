// Room: knowledge/. Names that mean something: secrets, frontends, development servers, programs that need root.
import { describe, expect, it } from 'vitest';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { knowledgeWith } from '../../src/effects/managers.ts';
import { devServer } from '../../src/effects/rows/development.ts';
import { asksFor } from '../../src/effects/rows/rights.ts';
import { frontendHas, isDockerFrontend, minimumFrontend } from '../../src/knowledge/frontends.ts';
import { isSecretName } from '../../src/knowledge/secrets.ts';

it.each([
  ...[
    'NPM_TOKEN',
    'token',
    'API_KEY',
    'apikey',
    'DATABASE_PASSWORD',
    'secret_message',
    'AUTH',
    'AWS_SECRET_ACCESS_KEY',
    'MY_PASSWD',
    'X_CREDENTIALS',
    'KEY_ID',
  ].map((name) => [name, true]),
  ...['MONKEY', 'PUBLIC_KEY', 'TOKEN_FILE', 'KEY_VERSION', 'TOKENS', 'AUTHOR', 'PATH', 'GITHUBTOKEN', ''].map((name) => [name, false]),
])('%s is a secret: %s', (name, secret) => expect(isSecretName(String(name))).toBe(secret));

describe('frontends', () => {
  it.each([
    ...[
      'docker/dockerfile:1',
      'docker/dockerfile',
      'docker/dockerfile:1.7-labs',
      'docker.io/docker/dockerfile:1',
      'docker/dockerfile-upstream:master',
      'docker/dockerfile:1.0-experimental',
      'docker/dockerfile:1@sha256:0a1b',
      ' docker/dockerfile:1 ',
    ].map((syntax) => [syntax, true]),
    ...[
      'ghcr.io/reproducible-containers/buildkit-nix:v0.1',
      'mcr.microsoft.com/docker/dockerfile',
      'docker/dockerfile/x',
      'docker/dockerfiles:1',
      'dexnore/dexfile',
      '',
    ].map((syntax) => [syntax, false]),
  ])('%s is Docker’s own: %s', (syntax, own) => expect(isDockerFrontend(String(syntax))).toBe(own));

  it.each([
    ['docker/dockerfile:1', 'copy-parents', true],
    ['docker/dockerfile', 'heredoc', true],
    ['docker/dockerfile:1.2', 'run-mount', true],
    ['docker/dockerfile:1.2', 'heredoc', false],
    ['docker/dockerfile:1.3.0', 'copy-link', false],
    ['docker/dockerfile:1.10', 'secret-env', true],
    ['docker/dockerfile:1.0-experimental', 'run-mount', true],
    ['docker/dockerfile:1.0-experimental', 'heredoc', false],
    ['docker/dockerfile-upstream:master', 'heredoc', undefined],
    ['other/frontend', 'heredoc', undefined],
  ] as const)('%s has %s: %s', (syntax, feature, has) => expect(frontendHas(syntax, feature)).toBe(has));

  it('versions of the reference', () =>
    expect(minimumFrontend).toMatchObject({
      'run-mount': '1.2',
      heredoc: '1.4',
      'copy-link': '1.4',
      'copy-exclude': '1.19',
      'copy-parents': '1.20',
    }));
});

describe('devServer', () => {
  const { wrappers } = knowledgeWith(ecosystems);
  it.each([
    'npm run dev',
    'npm run start:dev',
    'npm run watch',
    'yarn dev',
    'pnpm dev',
    'pnpm run dev',
    'bun run dev',
    'nodemon server.js',
    'npx nodemon server.js',
    'ts-node-dev src/a.ts',
    'tsx watch src/a.ts',
    'node --watch a.js',
    'vite',
    'vite dev',
    'vite --host',
    'npx vite --port 3000',
    'webpack serve',
    'webpack-dev-server',
    'react-scripts start',
    'ng serve --host 0.0.0.0',
    'vue-cli-service serve',
    'next dev',
    'next',
    'next -p 3000',
    'nuxt dev',
    'flask run --debug',
    'flask --app a run --reload',
    'python -m flask run --reload',
    'uvicorn app:app --reload',
    'poetry run uvicorn app:app --reload',
    'python manage.py runserver 0.0.0.0:8000',
    './manage.py runserver',
    'rails server -e development',
    'go run .',
    'air',
    'cargo run --release',
    'cargo watch -x run',
    'mvn spring-boot:run',
    './mvnw -q spring-boot:run',
    'gradle bootRun',
    './gradlew run',
    'dotnet watch',
    'dotnet run',
    'php artisan serve --host=0.0.0.0',
    'php -S 0.0.0.0:80',
    'NODE_ENV=development npm run dev',
    'dumb-init -- npm run dev',
    'docker-entrypoint.sh yarn dev',
    'fastapi dev main.py',
  ])('%s', (text) => expect(devServer(text.split(' '), wrappers)).toBe(true));

  it.each([
    'npm start',
    'npm run start',
    'npm run start:prod',
    'yarn start',
    'yarn',
    'node dist/main.js',
    'node server.js --watch',
    'next start',
    'next build',
    'vite preview',
    'vite build',
    'nest start',
    'gunicorn app:app',
    'uvicorn app:app',
    'flask run',
    'python app.py',
    'python manage.py migrate',
    'rails server',
    'rails server -e production',
    './server',
    '/app/server run',
    'java -jar app.jar',
    'dotnet App.dll',
    'php-fpm',
    'php index.php',
    'tini -- node server.js',
    'fastapi run main.py',
    'bundle exec puma',
    'tsx src/index.ts',
    '',
    'env',
    '__proto__',
    'constructor toString',
  ])('not %s', (text) =>
    expect(
      devServer(
        text.split(' ').filter((word) => word !== ''),
        wrappers,
      ),
    ).toBe(false),
  );

  it('takes any argv', () => {
    expect(
      devServer(
        Array.from({ length: 100_000 }, () => 'env'),
        wrappers,
      ),
    ).toBe(false);
    expect(devServer(['npm', 'run', `dev${':'.repeat(100_000)}`], wrappers)).toBe(true);
  });
});

it('programs of entry points', () => {
  for (const name of ['gosu', 'su-exec', 'chown', 'useradd', 'apt-get', 'sysctl', 'iptables', 'cron', 'supervisord'])
    expect(asksFor(name, 'root')).toBe(true);
  for (const name of ['node', 'exec', 'mkdir', 'python', 'tini']) expect(asksFor(name, 'root')).toBe(false);
  for (const name of ['supervisord', 's6-svscan', 'runsvdir', 'cron']) expect(asksFor(name, 'several')).toBe(true);
  for (const name of ['pm2-runtime', 'tini', 'dumb-init', 'gunicorn']) expect(asksFor(name, 'several')).toBe(false);
  for (const name of ['tcpdump', 'setcap', 'mount', 'chroot']) expect(asksFor(name, 'capability')).toBe(true);
});
