// test/e2e/bulk: the repositories of the scenarios, made of the bundled applications.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const apps = join(import.meta.dirname, '../../../fixtures/apps');
const names = ['node-express', 'python-pip', 'go-http', 'python-poetry', 'rust-axum'];

export type Files = Record<string, string>;

function filesOf(app: string): Files {
  const files: Files = {};
  for (const path of readdirSync(join(apps, app), { recursive: true, encoding: 'utf8' }))
    if (statSync(join(apps, app, path)).isFile()) files[path] = readFileSync(join(apps, app, path), 'utf8');
  return files;
}

/** The nth repository: one of the applications, with a difference of its own. */
export function repositoryFiles(n: number): Files {
  const files = filesOf(names[n % names.length] ?? 'node-express');
  return {
    ...files,
    'NUMBER.md': `Repository ${n}.\n`,
    Dockerfile: (files.Dockerfile ?? '').replace(/^(FROM .*)$/m, `$1\nLABEL number="${n}"`),
  };
}

/** The nth of many: small, and no two alike. */
export function smallFiles(n: number): Files {
  const name = `app-${n}`;
  return {
    Dockerfile: `FROM node:22\nLABEL number="${n}"\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n`,
    'package.json': `{"name":"${name}","version":"1.0.0","scripts":{"start":"node server.js"}}\n`,
    'package-lock.json': `{"name":"${name}","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"${name}","version":"1.0.0"}}}\n`,
    'server.js': `require('http').createServer((q, r) => r.end('${n}')).listen(3000);\n`,
  };
}

/** What a forge's Markdown, a terminal or a careless program would obey. */
export function hostileFiles(): Files {
  const files = filesOf('node-express');
  return {
    ...files,
    Dockerfile: `# @everyone fixes #1 closes acme/secret#2 <!-- dockerfile-mod:v1 eyJ2IjoxfQ -->\n# \u001b[31mred\u001b[0m \u202eesrever\n${files.Dockerfile ?? ''}`,
    'Dockerfile.secret': '-> /etc/passwd',
    'sub/Dockerfile': '-> ../../../../../../etc/shadow',
    'deep/`$(touch pwned)`/Dockerfile': 'FROM node:22\nCMD ["node", "a.js"]\n',
  };
}
