// The manual page: all of the command line is in it, and who formats manual pages has nothing to object to.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { manual } from '../../scripts/man.ts';
import { program } from '../../src/cli/options.ts';
import { listTransforms } from '../../src/index.ts';

const idle = async (): Promise<void> => {};
const all = { refactor: idle, list: idle, init: idle, explain: idle, completion: idle, lsp: idle, observe: idle, verify: idle, bulk: idle };
const page = readFileSync('docs/dockerfile-mod.1', 'utf8');
const unescaped = page
  .replaceAll(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll(/\\\((?:aq|cq)/g, "'")
  .replaceAll('\\(ga', '`')
  .replaceAll('\\e', '\\');
const withAll = (command: Command): Command[] => [command, ...command.commands.flatMap(withAll)];

describe('docs/dockerfile-mod.1', () => {
  it('is what the command line says now, and is published', () => {
    expect(page).toBe(manual(program('', all), listTransforms()));
    expect(manifest.man).toBe('./docs/dockerfile-mod.1');
    expect(manifest.files).toContain('docs/dockerfile-mod.1');
  });

  it('has every command and flag, but what is hidden', () => {
    for (const command of withAll(program('', all)).slice(1)) {
      const names = command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();
      const [, own = ''] = unescaped.split(`\n.SS ${names}\n`);
      for (const { hidden, long, description } of command.options) {
        expect(own.split(/\n\.S[SH] /)[0]?.includes(long ?? ''), `${names} ${long}`).toBe(!hidden);
        if (!hidden) expect(own).toContain(description.slice(1, 20));
      }
    }
    for (const { long } of program('', all).options) expect(unescaped).toMatch(new RegExp(`^(?:-\\w, )?${long}(?: |$)`, 'm'));
    for (const { id } of listTransforms()) expect(unescaped).toContain(`\n.TP\n${id}\n`);
    expect(unescaped).not.toContain('clientProcessId');
  });

  it('has the sections that such pages have, in their order', () => {
    const sections = [...page.matchAll(/^\.SH (.*)$/gm)].map(([, name]) => name);
    expect(sections).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'OPTIONS',
      'COMMANDS',
      'TRANSFORMS',
      'SAFETY LEVELS',
      'EXIT STATUS',
      'FILES',
      'EXAMPLES',
      'SEE ALSO',
    ]);
    // whatis and apropos read this line.
    expect(page).toContain('\n.SH NAME\ndockerfile\\-mod \\- ');
    for (const [, macro = ''] of page.matchAll(/^\.(\S+)/gm))
      expect(['\\"', 'TH', 'SH', 'SS', 'TP', 'PP', 'br', 'nf', 'fi']).toContain(macro);
    // A term, what it means, and the next: nothing is empty.
    expect(page).not.toMatch(/\n\n|\.TP\n\./);
    expect([...page].every((letter) => letter === '\n' || (letter >= ' ' && letter <= '~'))).toBe(true);
    for (const says of ['--check found changes', 'a limit of this run is reached', 'what a process can see at run time stays the same'])
      expect(unescaped.toLowerCase()).toContain(says.toLowerCase());
  });

  const has = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined;

  it.skipIf(!has('groff'))('is formatted without a warning', () => {
    const { stderr, stdout } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-cbou', 'docs/dockerfile-mod.1'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^ +-i, --interactive$/m);
    expect(stdout).toMatch(/^ +dockerfile-mod --context \. - < Dockerfile > Dockerfile\.new$/m);
  });

  it.skipIf(!has('mandoc'))('is what mandoc accepts', () => {
    const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', 'docs/dockerfile-mod.1'], { encoding: 'utf8' });
    // A page that is made anew by every build has no date.
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });
});
