// What must hold for every Dockerfile: no crash, no internal rollback, a second run changes nothing, and where nothing applies the text comes back byte for byte.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlayTree } from '../../src/context/overlay.ts';
import { memoryTree, refactor, type Options, type ProjectContext } from '../../src/index.ts';

const lockedNode = (scripts: Record<string, string>, dev: string[]) => {
  const root = {
    name: 'a',
    version: '1.0.0',
    dependencies: { express: '^4.21.0' },
    devDependencies: Object.fromEntries(dev.map((d) => [d, '^1.0.0'])),
  };
  const packages = Object.fromEntries(
    ['express', ...dev].map((d) => [
      `node_modules/${d}`,
      { version: d === 'express' ? '4.21.2' : '1.0.0', ...(dev.includes(d) ? { dev: true } : {}) },
    ]),
  );
  return {
    'package.json': JSON.stringify({ ...root, scripts }),
    'package-lock.json': JSON.stringify({ name: 'a', version: '1.0.0', lockfileVersion: 3, packages: { '': root, ...packages } }),
  };
};
const contexts: Record<string, string>[] = [
  {},
  {
    ...lockedNode({ build: 'tsc', start: 'node dist/index.js' }, ['typescript']),
    'tsconfig.json': '{"compilerOptions":{"outDir":"dist"}}',
    'src/index.ts': 'console.log(1)',
  },
  {
    ...lockedNode({ start: 'node index.js', postinstall: 'node tool.js' }, []),
    'index.js': 'console.log(1)',
    '.env': 'A=1',
    '.dockerignore': '# mine\nnode_modules\n!keep',
  },
  { 'requirements.txt': 'flask==3.1.0\ngunicorn==23.0.0\n', 'app.py': 'import flask\n', 'entrypoint.sh': '#!/bin/sh\nset -e\nexec "$@"\n' },
  {
    'go.mod': 'module example.com/a\n\ngo 1.23\n',
    'go.sum': 'x v1.0.0 h1:a=\n',
    'main.go': 'package main\n\nfunc main() {}\n',
    vendor: '',
  },
  { 'Cargo.toml': '[package]\nname = "api"\nversion = "0.1.0"\n', 'Cargo.lock': 'version = 4\n', 'src/main.rs': 'fn main() {}\n' },
];

const from = fc.constantFrom(
  'node:22',
  'node:22-alpine',
  'node',
  'python:3.12',
  'python:3.12-slim',
  'golang:1.23',
  'golang:1.23-alpine',
  'rust:1.82',
  'rust',
  'debian:bookworm',
  'ubuntu:24.04',
  'nginx',
  'unknown/base:1',
  'node@sha256:abc',
  '$BASE',
  'scratch',
);
const line = fc.constantFrom(
  'WORKDIR /app',
  'WORKDIR src',
  'COPY . .',
  'COPY package*.json ./',
  'COPY package.json package-lock.json ./',
  'COPY requirements.txt .',
  'COPY go.mod go.sum ./',
  'ADD . /app',
  'COPY --chown=node:node . .',
  'COPY --from=alpine /bin/sh /x',
  'RUN npm ci',
  'RUN npm install',
  'RUN npm ci && npm run build',
  'RUN npm run build',
  'RUN yarn install',
  'RUN pip install -r requirements.txt',
  'RUN pip install --no-cache-dir -r requirements.txt && rm -rf /root/.cache/pip',
  'RUN pip install poetry && poetry install',
  'RUN go mod download',
  'RUN go build -o server .',
  'RUN CGO_ENABLED=1 go build -o /bin/server ./...',
  'RUN cargo build --release',
  'RUN apt-get update && apt-get install -y curl gcc libpq-dev && rm -rf /var/lib/apt/lists/*',
  'RUN apt-get update',
  'RUN for i in 1 2; do echo $i; done',
  'RUN <<EOF\nnpm ci\nnpm run build\nEOF',
  'RUN --mount=type=cache,target=/root/.npm npm ci',
  'RUN useradd -m app && chown -R app /app',
  'RUN chmod +x entrypoint.sh',
  'RUN echo "a" \\\n  # comment\n\n  && echo b',
  'RUN ["npm", "ci"]',
  'ENV A=1',
  'ENV PATH=$A/bin:$PATH',
  'ENV NODE_ENV production',
  'ARG VERSION=1',
  'LABEL version=$VERSION',
  'EXPOSE 8080',
  'EXPOSE 80',
  'USER node',
  'USER root',
  'VOLUME /data',
  'STOPSIGNAL SIGTERM',
  'SHELL ["/bin/bash", "-c"]',
  'HEALTHCHECK CMD curl -f http://localhost/',
  'ONBUILD RUN echo',
  'CMD ["node", "dist/index.js"]',
  'CMD ["npm", "start"]',
  'CMD node index.js',
  'CMD ["./server"]',
  'CMD ["/app/target/release/api"]',
  'CMD ["gunicorn", "app:app"]',
  'ENTRYPOINT ["./entrypoint.sh"]',
  'CMD ["python", "app.py"]',
  'CMD poetry run flask run',
  'CMD go run .',
  '# a comment',
  '',
  '# syntax=docker/dockerfile:1',
  '# dockerfile-mod: skip=multi-stage',
  'FROM node:22-slim AS other',
);
const dockerfile = fc
  .tuple(
    fc.constantFrom('', 'ARG BASE=node:22\n', '# syntax=docker/dockerfile:1\n', '\ufeff'),
    from,
    fc.array(line, { maxLength: 12 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([head, base, lines, eol, end]) => (head + [`FROM ${base}`, ...lines].join('\n') + (end ? '\n' : '')).replaceAll('\n', eol));
const options = fc.record({
  level: fc.constantFrom('safe', 'balanced', 'max'),
  base: fc.constantFrom('slim', 'distroless', 'scratch', 'alpine', 'keep', 'smallest'),
}) as fc.Arbitrary<Partial<Options>>;
const context = (files: Record<string, string>): ProjectContext => ({
  tree: memoryTree(files),
  dockerfilePath: 'Dockerfile',
  contextCertain: true,
});

describe('refactor', () => {
  test('generated Dockerfiles: no crash, no rollback, a second run changes nothing, untouched means identical', () => {
    fc.assert(
      fc.property(dockerfile, fc.constantFrom(...contexts), options, (source, files, chosen) => {
        const project = context(files);
        const first = refactor(source, project, chosen);
        if (!first.ok) return;
        expect(first.skipped.filter((s) => s.reason === 'internal-invariant')).toEqual([]);
        if (first.applied.length === 0) expect(first.output).toBe(source);
        const after = { ...project, tree: overlayTree(project.tree, new Map(first.files.map((f) => [f.path, f.after]))) };
        const second = refactor(first.output, after, chosen);
        expect(second.ok && second.output).toBe(first.output);
        expect(second.ok && second.files).toEqual([]);
        const safe = refactor(first.output, after, { ...chosen, level: 'safe' });
        expect(safe.ok && safe.output).toBe(first.output);
      }),
      { numRuns: 400 },
    );
  });

  test('any text at all: an answer, never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.array(fc.oneof(line, fc.string({ maxLength: 40 })), { maxLength: 10 }).map((lines) => lines.join('\n')),
        ),
        fc.constantFrom(...contexts),
        (source, files) => {
          const result = refactor(source, context(files));
          if (result.ok && result.applied.length === 0) expect(result.output).toBe(source);
        },
      ),
      { numRuns: 400 },
    );
  });
});
