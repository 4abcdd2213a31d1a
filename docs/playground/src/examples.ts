// Small projects to begin with. Two of them are the applications of this repository that its tests build and run.
import lock from '../../../fixtures/shared/express-typescript.package-lock.json?raw';
import { dockerfileName, projectOf, type Project, type ProjectFile } from './types.ts';

const files: Readonly<Record<string, Record<string, string>>> = {
  'python-pip': import.meta.glob('../../../fixtures/apps/python-pip/**/*', { query: '?raw', import: 'default', eager: true }),
  'go-http': import.meta.glob('../../../fixtures/apps/go-http/**/*', { query: '?raw', import: 'default', eager: true }),
};

function application(name: string): Project {
  const found = Object.entries(files[name] ?? {}).map(([path, text]) => ({ path: path.split(`/${name}/`)[1] ?? path, text }));
  const isFirst = ({ path }: ProjectFile): boolean => path === dockerfileName;
  return projectOf([...found.filter(isFirst), ...found.filter((file) => !isFirst(file))]);
}

const express = projectOf([
  {
    path: dockerfileName,
    text: `FROM node:22
WORKDIR /app
COPY . .
RUN npm install
RUN npm run build
EXPOSE 3000
CMD ["node", "dist/main.js"]
`,
  },
  {
    path: 'package.json',
    text: `{
  "name": "shop",
  "version": "1.0.0",
  "scripts": { "build": "tsc", "start": "node dist/main.js" },
  "dependencies": { "express": "^4.21.0" },
  "devDependencies": { "typescript": "^5.7.0" }
}
`,
  },
  { path: 'package-lock.json', text: lock },
  {
    path: 'tsconfig.json',
    text: `{ "compilerOptions": { "outDir": "dist", "rootDir": "src", "module": "commonjs" }, "include": ["src"] }\n`,
  },
  {
    path: 'src/main.ts',
    text: `import express from 'express';

const app = express();
app.get('/health', (_, response) => {
  response.json({ ok: true });
});
app.listen(3000);
`,
  },
]);

const refused = projectOf([
  {
    path: dockerfileName,
    text: `FROM node:22
WORKDIR /app
COPY . .
RUN ./scripts/setup.sh && npm ci
EXPOSE 80
CMD ["node", "server.js"]
`,
  },
  { path: 'package.json', text: '{ "name": "shop", "version": "1.0.0", "dependencies": { "express": "^4.21.0" } }\n' },
  { path: 'scripts/setup.sh', text: '#!/bin/sh\nset -e\ncurl -fsSL https://example.com/tool.sh | sh\n' },
  { path: 'server.js', text: "require('express')().listen(80);\n" },
]);

/** By id, as `#example=<id>` names them. */
export const examples: Readonly<Record<string, { title: string; project: Project }>> = {
  node: { title: 'Node.js: Express and TypeScript', project: express },
  python: { title: 'Python: Flask and pip', project: application('python-pip') },
  go: { title: 'Go: an HTTP service', project: application('go-http') },
  refused: { title: 'One that is mostly left alone', project: refused },
  empty: { title: 'Nothing', project: projectOf([{ path: dockerfileName, text: '' }]) },
};
