// Ports, commands and written files: what the engine and the kernel print, read.
import { describe, expect, it } from 'vitest';
import { plainWords } from '../../src/verify/run/command.ts';
import { writtenFiles } from '../../src/verify/run/container.ts';
import { parseListening } from '../../src/verify/run/ports.ts';

const line = (address: string, port: number, state = '0A'): string =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 96944 1 000000007aaeae77 100 0 0 10 0`;

describe('parseListening', () => {
  it.each([
    ['any address', line('00000000', 3000), ['0.0.0.0:3000']],
    ['any address of IPv6', line('0'.repeat(32), 3000), ['0.0.0.0:3000']],
    ['loopback', line('0100007F', 3000), ['127.0.0.1:3000']],
    ['loopback of IPv6', line('00000000000000000000000001000000', 3000), ['127.0.0.1:3000']],
    ['loopback of IPv4 in IPv6', line('0000000000000000FFFF00000100007F', 3000), ['127.0.0.1:3000']],
    ['an address of the container', line('030011AC', 3000), ['0.0.0.0:3000']],
    ['a connection, and one that is closing', `${line('0100007F', 3000, '01')}\n${line('0100007F', 3001, '06')}`, []],
    ['Docker’s name server', line('0B00007F', 40000), []],
    [
      'by number, each once, loopback not beside any',
      [line('00000000', 8080), line('0100007F', 8080), line('00000000', 80), line('0'.repeat(32), 80)].join('\n'),
      ['0.0.0.0:80', '0.0.0.0:8080'],
    ],
    ['the heading', '  sl  local_address rem_address   st tx_queue\n', []],
  ])('%s', (_, text, expected) => {
    expect(parseListening(text)).toEqual(expected);
  });
});

describe('plainWords', () => {
  it.each([
    ['node --version', ['node', '--version']],
    ["python -c 'import app; print(app.x)'", ['python', '-c', 'import app; print(app.x)']],
    ['python -m app "two words"', ['python', '-m', 'app', 'two words']],
    ['app --name=x#1 a@b c:d', ['app', '--name=x#1', 'a@b', 'c:d']],
    ["--a='b c'", ['--a=b c']],
  ])('%s', (command, words) => {
    expect(plainWords(command)).toEqual(words);
  });
  it.each([
    'ls | wc',
    'echo $HOME',
    'a && b',
    'ls *.js',
    'A=1 b',
    'cat <x',
    'a; b',
    '`a`',
    "it's",
    '',
    '~/x',
    'echo "$A"',
    'a \\ b',
    '(a)',
  ])('needs a shell: %s', (command) => {
    expect(plainWords(command)).toBeUndefined();
  });
});

describe('writtenFiles', () => {
  it('without the directories above, what was removed, and with odd names', () => {
    expect(
      writtenFiles('C /var\nC /var/log\nA /var/log/app.log\nD /etc/old\nC /etc\nA /data\nA /data/with space\nC /etc/passwd\nA /empty\n'),
    ).toEqual(['/data/with space', '/empty', '/etc/passwd', '/var/log/app.log']);
  });
});
