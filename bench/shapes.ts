// Inputs that grow: the shapes for which time must grow no faster than they do. Used by bench/linear.ts and by the test that guards it.

/** A Dockerfile, and the files of its context. */
export interface Input {
  dockerfile: string;
  files: Record<string, string>;
}
/** One kind of line, many times over, in an application of its ecosystem. */
export interface Kind {
  name: string;
  make(n: number): Input;
}

const lock = JSON.stringify({
  name: 'app',
  lockfileVersion: 3,
  packages: { '': { name: 'app', dependencies: { express: '^4.18.0' } }, 'node_modules/express': { version: '4.18.2' } },
});
const node: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { express: '^4.18.0' }, scripts: { build: 'tsc' } }),
  'package-lock.json': lock,
  'index.js': "const express = require('express');\nexpress().listen(3000);\n",
  'a.txt': 'a\n',
  '.dockerignore': 'node_modules\n',
};
const python: Record<string, string> = { 'requirements.txt': 'flask==3.0.0\n', 'app.py': 'import flask\nflask.Flask("a").run()\n' };
const go: Record<string, string> = {
  'go.mod': 'module example.com/a\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\n',
  'go.sum': '',
  'main.go': 'package main\n\nfunc main() {}\n',
};

const times = (n: number, line: (i: number) => string): string => Array.from({ length: n }, (_, i) => line(i)).join('\n');

const inNode = (body: string): Input => ({
  dockerfile: `FROM node:22\nWORKDIR /app\nCOPY . .\n${body}\nRUN npm ci\nCMD ["node", "index.js"]\n`,
  files: node,
});
const inPython = (body: string): Input => ({
  dockerfile: `FROM python:3.12\nWORKDIR /app\nCOPY . .\n${body}\nCMD ["python", "app.py"]\n`,
  files: python,
});
const inGo = (body: string): Input => ({
  dockerfile: `FROM golang:1.22\nWORKDIR /app\nCOPY . .\n${body}\nCMD ["/app/server"]\n`,
  files: go,
});

const mixed = [
  (i: number): string => `RUN echo ${i}`,
  (): string => 'RUN npm ci',
  (i: number): string => `COPY a.txt /data/${i}.txt`,
  (i: number): string => `ENV V${i}=${i}`,
  (i: number): string => `ARG A${i}=${i}`,
  (i: number): string => `RUN echo $V${i} $A${i}`,
  (i: number): string => `WORKDIR /app/${i % 7}`,
  (i: number): string => `LABEL l${i}=${i}`,
  (): string => 'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*',
  (): string => 'HEALTHCHECK CMD curl -f http://localhost/ || exit 1',
];

export const kinds: readonly Kind[] = [
  { name: 'RUN echo', make: (n) => inNode(times(n, (i) => `RUN echo ${i}`)) },
  { name: 'RUN echo $VAR', make: (n) => inNode(`ARG NAME\nENV WORD=a\n${times(n, (i) => `RUN echo $NAME \${WORD} ${i}`)}`) },
  { name: 'RUN npm ci', make: (n) => inNode(times(n, () => 'RUN npm ci')) },
  { name: 'RUN cd && npm ci', make: (n) => inNode(times(n, (i) => `RUN cd /app/${i % 9} && npm ci`)) },
  { name: 'RUN npm run build', make: (n) => inNode(times(n, () => 'RUN npm run build')) },
  { name: 'RUN npm i -g', make: (n) => inNode(times(n, (i) => `RUN npm install -g tool${i}`)) },
  { name: 'RUN pip install -r', make: (n) => inPython(times(n, () => 'RUN pip install --no-cache-dir -r requirements.txt')) },
  { name: 'RUN go build', make: (n) => inGo(times(n, (i) => `RUN go build -o /app/server${i} .`)) },
  { name: 'RUN apt-get install', make: (n) => inNode(times(n, (i) => `RUN apt-get update && apt-get install -y curl lib${i}`)) },
  { name: 'RUN mkdir, chown', make: (n) => inNode(times(n, (i) => `RUN mkdir -p /data/${i} && chown node /data/${i}`)) },
  { name: 'RUN useradd', make: (n) => inNode(times(n, (i) => `RUN useradd -m u${i}`)) },
  { name: 'one RUN, a && b', make: (n) => inNode(`RUN ${times(n, (i) => `echo ${i} && \\`)}\n true`) },
  { name: 'one RUN, heredoc', make: (n) => inNode(`RUN <<EOF\n${times(n, (i) => `echo ${i}`)}\nEOF`) },
  {
    name: 'one apt-get install',
    make: (n) => inNode(`RUN apt-get update && apt-get install -y \\\n${times(n, (i) => `lib${i} \\`)}\n curl`),
  },
  { name: 'COPY file', make: (n) => inNode(times(n, (i) => `COPY a.txt /data/${i}.txt`)) },
  { name: 'COPY missing', make: (n) => inNode(times(n, (i) => `COPY a${i}.txt /data/`)) },
  { name: 'COPY . (all)', make: (n) => inNode(times(n, (i) => `COPY . /app/${i}`)) },
  { name: 'COPY *.js', make: (n) => inNode(times(n, (i) => `COPY *.js /data/${i}/`)) },
  { name: 'ADD https', make: (n) => inNode(times(n, (i) => `ADD https://example.com/${i} /data/${i}`)) },
  { name: 'ENV', make: (n) => inNode(times(n, (i) => `ENV V${i}=${i}`)) },
  { name: 'ENV, growing', make: (n) => inNode(times(n, (i) => `ENV PATH=/opt/${i}:$PATH`)) },
  { name: 'WORKDIR, relative', make: (n) => inNode(times(n, () => 'WORKDIR a')) },
  { name: 'ENV, one name', make: (n) => inNode(times(n, (i) => `ENV PATH=/opt/${i}:/usr/bin`)) },
  { name: 'ENV, one line', make: (n) => inNode(`ENV ${times(n, (i) => `V${i}=${i}`).replaceAll('\n', ' \\\n ')}`) },
  { name: 'ARG', make: (n) => inNode(times(n, (i) => `ARG A${i}=${i}`)) },
  {
    name: 'ARG before FROM',
    make: (n) => {
      const app = inNode('');
      return { ...app, dockerfile: `${times(n, (i) => `ARG A${i}=${i}`)}\n${app.dockerfile}` };
    },
  },
  { name: 'ENV and RUN $V', make: (n) => inNode(times(n >> 1, (i) => `ENV V${i}=${i}\nRUN echo $V${i}`)) },
  { name: 'WORKDIR', make: (n) => inNode(times(n, (i) => `WORKDIR /app/${i}`)) },
  { name: 'USER', make: (n) => inNode(times(n, (i) => (i % 2 === 0 ? 'USER node' : 'USER root'))) },
  { name: 'LABEL', make: (n) => inNode(times(n, (i) => `LABEL l${i}=${i}`)) },
  { name: 'EXPOSE', make: (n) => inNode(times(n, (i) => `EXPOSE ${1024 + (i % 60_000)}`)) },
  { name: 'VOLUME', make: (n) => inNode(times(n, (i) => `VOLUME /data/${i}`)) },
  { name: 'HEALTHCHECK', make: (n) => inNode(times(n, () => 'HEALTHCHECK CMD curl -f http://localhost/ || exit 1')) },
  { name: 'CMD', make: (n) => inNode(times(n, (i) => `CMD ["node", "index.js", "${i}"]`)) },
  { name: 'SHELL', make: (n) => inNode(times(n, () => 'SHELL ["/bin/bash", "-c"]')) },
  { name: 'comments', make: (n) => inNode(times(n, (i) => `# comment ${i}`)) },
  { name: 'mixed', make: (n) => inNode(times(n, (i) => mixed[i % mixed.length]?.(i) ?? '')) },
];

export const stages: readonly Kind[] = [
  {
    name: 'FROM image',
    make: (n) => {
      const app = inNode('');
      return { ...app, dockerfile: `${times(n, (i) => `FROM alpine:3.20 AS s${i}\nRUN echo ${i}`)}\n${app.dockerfile}` };
    },
  },
  {
    name: 'FROM stage before',
    make: (n) => {
      const app = inNode('');
      return {
        ...app,
        dockerfile: `FROM node:22 AS s0\n${times(n, (i) => `FROM s${i} AS s${i + 1}\nENV V${i}=${i}\nRUN echo ${i}`)}\n${app.dockerfile}`,
      };
    },
  },
  {
    name: 'COPY --from before',
    make: (n) => {
      const app = inNode('');
      return {
        ...app,
        dockerfile: `FROM node:22 AS s0\n${times(n, (i) => `FROM node:22 AS s${i + 1}\nCOPY --from=s${i} /a /b`)}\n${app.dockerfile}`,
      };
    },
  },
  {
    name: 'FROM, unnamed',
    make: (n) => {
      const app = inNode('');
      return {
        ...app,
        dockerfile: `${times(n, (i) => `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "${i}.js"]`)}\n${app.dockerfile}`,
      };
    },
  },
];

/** `n` Dockerfiles in one directory, none alike. */
export function manyDockerfiles(n: number): { dockerfiles: string[]; files: Record<string, string> } {
  const files: Record<string, string> = { ...node };
  delete files['.dockerignore'];
  for (let i = 0; i < n; i += 1)
    files[`Dockerfile.${i}`] = `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN echo ${i}\nRUN npm install\nCMD ["node", "index.js"]\n`;
  return { dockerfiles: Object.keys(files).filter((name) => name.startsWith('Dockerfile.')), files };
}

/** `n` Dockerfiles of one context with many files. */
export function largeContext(n: number, count: number): { dockerfiles: string[]; files: Record<string, string> } {
  const { dockerfiles, files } = manyDockerfiles(n);
  for (let i = 0; i < count; i += 1)
    files[`src/m${i % 100}/f${i}.js`] = `const fs = require('node:fs');\nmodule.exports = () => fs.readFileSync('./data/${i}.json');\n`;
  return { dockerfiles, files };
}
