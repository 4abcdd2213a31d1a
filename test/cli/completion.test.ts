// What shells complete; bash is asked itself.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from './scratch.ts';

describe('completion', () => {
  it('bash completes commands, flags, values, ids and files', async () => {
    const at = scratch({ 'services/Dockerfile': '' });
    at.write('c.bash', (await at.run(['completion', 'bash'])).out);
    const complete = (...words: string[]): string[] => {
      const script = `source ${join(at.root, 'c.bash')}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dockerfile_mod; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const out = execFileSync('bash', ['-c', script, 'bash', 'dockerfile-mod', ...words], { cwd: at.root, encoding: 'utf8' });
      return out.split('\n').filter((word) => word !== '');
    };
    expect(complete('ver')).toEqual(['verify']);
    expect(complete('ser')).toEqual(['serve', 'services']);
    expect(complete('--dry')).toEqual(['--dry-run']);
    expect(complete('--level', '')).toEqual(['safe', 'balanced', 'max']);
    expect(complete('--skip', 'base')).toEqual(['base-slim']);
    expect(complete('--report', 'serv')).toEqual(['services']);
    expect(complete('explain', 'dock')).toEqual(['dockerignore']);
    expect(complete('bulk', 'pla')).toEqual(['plan']);
    expect(complete('bulk', 'apply', '--only-app')).toEqual(['--only-approved']);
    expect(complete('completion', 'f')).toEqual(['fish']);
  });

  it('zsh runs bash’s, fish has lines of its own', async () => {
    const at = scratch();
    expect((await at.run(['completion', 'zsh'])).out).toMatch(/^#compdef dockerfile-mod\nautoload -U \+X bashcompinit && bashcompinit\n/);
    const fish = (await at.run(['completion', 'fish'])).out;
    expect(fish).toMatch(/^complete -c dockerfile-mod -l level -x -a 'safe balanced max' -d '.*'$/m);
    expect(fish).toMatch(/^complete -c dockerfile-mod -n __fish_use_subcommand -a verify -d '.*'$/m);
    expect((await at.run(['completion', 'csh'])).code).toBe(2);
  });
});
