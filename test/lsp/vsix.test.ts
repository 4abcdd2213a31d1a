// The extension for Visual Studio Code, packed: what is inside, that its server serves, and that its client loads.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { packed } from '../../scripts/vsix.ts';
import { core } from '../../src/checkout/core.ts';
import { scratch } from '../cli/scratch.ts';
import { editor } from './client.ts';

let vsix: Buffer;
let files: Map<string, Buffer>;
beforeAll(async () => {
  vsix = await packed();
  files = unzipped(vsix);
});
const textOf = (name: string): string => files.get(name)?.toString() ?? '';

describe('the packed extension', () => {
  it('holds the extension, the server, the pages, and nothing else', async () => {
    expect([...files.keys()]).toEqual([
      'extension.vsixmanifest',
      '[Content_Types].xml',
      'extension/package.json',
      'extension/readme.md',
      'extension/LICENSE.txt',
      'extension/THIRD-PARTY.txt',
      'extension/extension.cjs',
      'extension/server.mjs',
      'extension/docs/transforms.md',
      'extension/docs/messages.md',
    ]);
    for (const name of ['vscode-languageclient', 'vscode-languageserver', 'unbash', 'yaml'])
      expect(textOf('extension/THIRD-PARTY.txt')).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(vsix.length).toBeLessThan(2_000_000);
    expect((await packed()).equals(vsix)).toBe(true);
  });

  it('is what it says', () => {
    const own = JSON.parse(textOf('extension/package.json'));
    expect(own).toMatchObject({
      name: 'dockerfile-mod',
      version: manifest.version,
      main: './extension.cjs',
      activationEvents: ['onLanguage:dockerfile'],
    });
    expect(textOf('extension.vsixmanifest')).toContain(
      `<Identity Language="en-US" Id="dockerfile-mod" Version="${manifest.version}" Publisher="dockerfile-mod" />`,
    );
    // What names a program to start is not for a repository to say.
    expect(own.contributes.configuration.properties['dockerfile-mod.path'].scope).toBe('machine');
    for (const name of files.keys())
      if (name !== '[Content_Types].xml') expect(textOf('[Content_Types].xml')).toContain(`Extension=".${name.split('.').pop()}"`);
    for (const [, path = ''] of textOf('extension.vsixmanifest').matchAll(/ Path="([^"]+)"/g)) expect(files.has(path)).toBe(true);
  });

  it('has a server that serves', async () => {
    const at = unpacked();
    const dockerfile = 'FROM node:22\nRUN npm install -g serve\nCMD ["serve"]\n';
    at.write('app/Dockerfile', dockerfile);
    const { open, marks, quit } = await editor(join(at.root, 'app'), {
      command: [process.execPath, join(at.root, 'extension/server.mjs'), '--stdio'],
    });
    open('Dockerfile', dockerfile);
    const { diagnostics } = await marks('Dockerfile');
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics[0]?.codeDescription?.href).toContain('/extension/docs/');
    expect(await quit()).toBe(0);
  });

  it('loads in an editor', () => {
    const at = unpacked();
    // The editor's own module is not there outside of it: one whose every part is a class that does nothing.
    at.write(
      'load.cjs',
      `const Module = require('node:module');
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? new Proxy({}, { get: () => class {} }) : load(name, ...rest));
console.log(Object.keys(require('./extension/extension.cjs')).sort().join());
`,
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(at.root, 'load.cjs')], { encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({ stdout: 'activate,deactivate\n', stderr: '', status: 0 });
  });
});

function unpacked(): ReturnType<typeof scratch> {
  const at = scratch({}, core);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(at.root, name)), { recursive: true });
    writeFileSync(join(at.root, name), bytes);
  }
  return at;
}

/** The files of an archive, as its directory at the end names them. */
function unzipped(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  const found = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [size, nameLength, more, comment] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    found.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), inflateRawSync(bytes.subarray(start, start + size)));
    at += 46 + nameLength + more + comment;
  }
  return found;
}
