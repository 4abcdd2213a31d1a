// What people write for a repository; what is no address, or would put a password into files, is refused.
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/bulk/source/addresses.ts';

describe('an address', () => {
  it.each([
    ['acme/app', 'forge.example', { host: 'forge.example', owner: 'acme', name: 'app' }],
    ['group/sub/app', 'gitlab.example', { host: 'gitlab.example', owner: 'group/sub', name: 'app' }],
    ['https://GitHub.com/acme/app.git', undefined, { host: 'github.com', owner: 'acme', name: 'app' }],
    ['http://127.0.0.1:3900/acme/app/', undefined, { host: '127.0.0.1:3900', owner: 'acme', name: 'app' }],
    ['git@github.com:acme/app.git', undefined, { host: 'github.com', owner: 'acme', name: 'app' }],
    ['ssh://git@forge.example:2222/acme/app', undefined, { host: 'forge.example:2222', owner: 'acme', name: 'app' }],
  ])('%s', (text, host, ref) => {
    expect(parseAddress(text, host)).toMatchObject({ kind: 'ref', ref });
  });

  it.each(['./checkouts', '/srv/checkouts', '~/checkouts', '../x'])('%s is a path', (text) => {
    expect(parseAddress(text, 'forge.example')).toEqual({ kind: 'path', path: text });
  });

  it.each([
    ['https://user:secret@github.com/acme/app', 'credentials'],
    ['https://secret@github.com/acme/app', 'credentials'],
    ['ext::sh -c touch% /tmp/pwned', 'owner/name'],
    ['acme', 'owner/name'],
    ['acme/../app', 'owner/name'],
    ['acme/a b', 'owner/name'],
    ['acme/$(id)', 'owner/name'],
    ['ftp://github.com/acme/app', 'not supported'],
  ])('%s is none', (text, why) => {
    const parsed = parseAddress(text, 'forge.example');
    expect(parsed).toMatchObject({ kind: 'invalid' });
    expect(parsed.kind === 'invalid' && parsed.why).toContain(why);
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });
});
