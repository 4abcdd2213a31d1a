// Real images: what is seen of one that serves, and of one that ends. Needs an engine and the base python:3.13-slim.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { observe } from '../../src/observe/observe.ts';
import { imageFactsSchema } from '../../src/observe/report/schema.ts';
import { isSeen } from '../../src/image/types.ts';

const wanted = process.env['DOCKERFILE_MOD_E2E'] === '1';
const directory = mkdtempSync(join(tmpdir(), 'dockerfile-mod-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const server = `import http.server, pathlib
pathlib.Path('/app/state').write_text('x')
http.server.ThreadingHTTPServer(('0.0.0.0', 8000), http.server.SimpleHTTPRequestHandler).serve_forever()
`;

describe.runIf(wanted)('observe', () => {
  it('sees what each line did, what runs, what it writes and loads; and leaves nothing behind', { timeout: 300_000 }, async () => {
    writeFileSync(join(directory, 'server.py'), server);
    const lines = [
      'FROM python:3.13-slim',
      'WORKDIR /app',
      'RUN rm /etc/motd; echo hi > /opt/made',
      'ENV PYTHONDONTWRITEBYTECODE=1',
      'COPY . .',
      'CMD ["python", "server.py"]',
    ];
    writeFileSync(join(directory, 'Dockerfile'), `${lines.join('\n')}\n`);
    const before = readdirSync(directory);
    const facts = await observe({ paths: [directory], run: { startTimeout: 20 } });
    expect(imageFactsSchema.parse(facts)).toEqual(facts);
    expect(facts.base).toMatchObject({ reference: 'python:3.13-slim', system: { id: 'debian', libc: 'glibc', packageManager: 'apt' } });
    const each = isSeen(facts.instructions) ? facts.instructions : [];
    expect(each.map(({ line, keyword }) => `${line} ${keyword}`)).toEqual(['2 WORKDIR', '3 RUN', '4 ENV', '5 COPY', '6 CMD']);
    expect(each[1]).toMatchObject({ added: [{ path: '/opt/made', kind: 'file', size: 3, mode: '0644' }] });
    expect(each[3]?.added.map(({ path }) => path)).toEqual(['/app/Dockerfile', '/app/server.py']);
    expect(facts.running).toMatchObject({ kind: 'serves', ports: ['0.0.0.0:8000'], written: ['/app/state'] });
    const { running } = facts;
    expect(isSeen(running) && isSeen(running.processes) && running.processes[0]?.argv).toMatch(/python server\.py/);
    expect(readdirSync(directory)).toEqual(before);
  });
});
