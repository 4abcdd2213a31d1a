// As much of a shell as the documents need: the command line runs in this process, git and cp as programs, anything else is not known.
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from '../../src/cli/run.ts';
import { core } from '../../src/checkout/core.ts';

export interface Ran {
  code: number;
  /** Both streams. */
  said: string;
}

export class Shell {
  constructor(
    /** `~` */
    readonly home: string,
    public cwd: string,
    readonly env: Record<string, string>,
    /** What is put in place of words that name what is not on this machine. */
    readonly change: (words: string[]) => string[] = (words) => words,
  ) {}

  /** Runs a line; undefined: it holds a program that this shell does not know. */
  async run(line: string): Promise<Ran | undefined> {
    let said = '';
    for (const part of line.split(' && ')) {
      const ran = await this.#one(part);
      if (!ran) return undefined;
      said += ran.said;
      if (ran.code !== 0) return { code: ran.code, said };
    }
    return { code: 0, said };
  }

  async #one(part: string): Promise<Ran | undefined> {
    const all = wordsOf(part.replace(/\bAPP\b/, 'services/api')).map((word) =>
      word.replace(/^~(?=\/|$)/, this.home).replace(/^"?\$(\w+)"?$/, (_, name: string) => this.env[name] ?? ''),
    );
    const at = all.findIndex((word) => word === '>' || word === '>>');
    const words = at < 0 ? all : all.slice(0, at);
    const [program = '', ...args] = words;
    if (program === 'cd') this.cwd = resolve(this.cwd, args[0] ?? '.');
    else if (program === 'export') {
      const [name = '', value = ''] = (args[0] ?? '').split('=');
      this.env[name] ??= value;
    } else if (program === 'git' || program === 'cp') return this.#program(program, args);
    else if (program === 'dockerfile-mod' || program === 'npx') {
      const own = program === 'npx' ? args.slice(args.findIndex((word) => /^dockerfile-mod(?:@|$)/.test(word)) + 1) : args;
      const { code, out, said } = await this.#dockerfileMod(this.change(own));
      const to = all[at + 1];
      if (at >= 0 && to !== undefined) (all[at] === '>' ? writeFileSync : appendFileSync)(resolve(this.cwd, to), out);
      return { code, said };
    } else return undefined;
    return { code: 0, said: '' };
  }

  #program(program: string, args: string[]): Ran {
    // Sources are named as they are in a clone.
    const cwd = program === 'cp' ? process.cwd() : this.cwd;
    const identity = {
      GIT_AUTHOR_NAME: 't',
      GIT_AUTHOR_EMAIL: 't@example.com',
      GIT_COMMITTER_NAME: 't',
      GIT_COMMITTER_EMAIL: 't@example.com',
    };
    return { code: 0, said: execFileSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, ...identity } }) };
  }

  async #dockerfileMod(args: string[]): Promise<Ran & { out: string }> {
    let [out, said] = ['', ''];
    const code = await run(args, {
      cwd: args.some((arg) => arg.startsWith('fixtures/')) ? process.cwd() : this.cwd,
      env: this.env,
      stdin: (async function* () {
        yield '';
      })(),
      stdout: {
        write: (text: string) => {
          out += text;
          said += text;
        },
        isTTY: undefined,
      },
      stderr: { write: (text: string) => (said += text), isTTY: undefined },
      version: '0.1.0',
      core: () => Promise.resolve(core),
    });
    return { code, out, said };
  }
}

/** Words, with what is quoted as one. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}
