// The ladder: which candidate stands when others fail, what is told of each, and what is never tried.
import { describe, expect, it } from 'vitest';
import { app, climbed } from './climbed.ts';
import { file, type Toy } from './toy-engine.ts';

const fails = (when: Toy['when']): Toy => ({ when, code: 1, stderr: 'Error: it broke\n' });
const onSlim = (text: string): boolean => /FROM node:22-slim\s*$/m.test(text);
const onDistroless = (text: string): boolean => text.includes('distroless');
const isOnFull = (text: string): boolean => /^FROM node:22\n/m.test(text) && isSplit(text);
const isSplit = (text: string): boolean => (text.match(/^FROM/gm) ?? []).length > 1;

describe('the ladder', () => {
  it('ends at the first candidate where that is proven; the original is built once', async () => {
    const { told, built, said } = await climbed([]);
    expect([told.outcome, said]).toEqual(['verified', ['proven stands node:22-slim']]);
    expect(built.filter((text) => text === app.Dockerfile)).toHaveLength(1);
    expect(built).toHaveLength(2);
  });
  it('goes on to the same base where the slim one fails, and says why', async () => {
    const { told, said } = await climbed([fails(onSlim)]);
    expect(said).toEqual(['proven failed node:22-slim', 'same stands node:22']);
    expect(told.ladder[0]).toMatchObject({ check: 'end', reason: expect.stringContaining('ends with code 1') });
    expect([told.outcome, told.rolledBack]).toEqual(['verified', []]);
    expect(told.after).toMatch(/FROM node:22\nWORKDIR/);
  });
  it('keeps what is done in place where no split is proven', async () => {
    const { told, said } = await climbed([fails((text) => isSplit(text) || onSlim(text))]);
    expect(said).toEqual(['proven failed node:22-slim', 'same failed node:22', 'in-place stands node:22']);
    expect([told.outcome, told.rolledBack.map((one) => one.transform)]).toEqual(['partly-verified', ['multi-stage', 'base-slim']]);
    expect(told.applied).toContain('copy-order');
  });
  it('keeps the slim base where only the split fails on it', async () => {
    const sized = { when: onSlim, size: 500 };
    const { told, said } = await climbed([sized, fails((text) => isSplit(text) && onSlim(text))]);
    expect(said).toEqual(['proven failed node:22-slim', 'same larger node:22', 'in-place stands node:22-slim']);
    expect([told.outcome, told.rolledBack.map((one) => one.transform)]).toEqual(['partly-verified', ['multi-stage']]);
  });
  it('leaves the original where nothing is proven', async () => {
    const refactor = { skip: ['dockerignore'] };
    const { told, said } = await climbed([fails((text) => text !== app.Dockerfile)], { refactor });
    expect(said.at(-1)).toBe('original stands node:22');
    expect([told.outcome, told.applied]).toEqual(['rejected', []]);
  });
  it('takes back what fails in place, and keeps the split', async () => {
    const { told, said } = await climbed([fails((text) => /^USER/m.test(text))]);
    expect(said).toEqual(['same failed node:22', 'proven stands node:22-slim']);
    expect([told.outcome, told.rolledBack.map((one) => one.transform)]).toEqual(['partly-verified', ['non-root-user']]);
  });
  it('does not try again on the next base what failed in place', async () => {
    const { told, built } = await climbed([fails((text) => /^USER/m.test(text) || onSlim(text))]);
    expect(told.rolledBack.map((one) => one.transform)).toEqual(['non-root-user']);
    expect(told.after).toMatch(/FROM node:22\nWORKDIR/);
    expect(built.filter((text) => isOnFull(text) && /^USER/m.test(text))).toHaveLength(1);
  });
  it('begins at the smallest base where it is asked to', async () => {
    expect((await climbed([], { prove: 'smallest' })).said).toEqual(['smallest stands gcr.io/distroless/nodejs22-debian13']);
    expect((await climbed([fails(onDistroless)], { prove: 'smallest' })).said).toEqual([
      'smallest failed gcr.io/distroless/nodejs22-debian13',
      'proven stands node:22-slim',
    ]);
  });
  it('begins at the same base where it is asked to', async () => {
    expect((await climbed([], { prove: 'same' })).said).toEqual(['same stands node:22']);
  });
  it('tries nothing but its plan where two revisions are compared, or nothing changes', async () => {
    const slim = { Dockerfile: 'FROM debian:bookworm-slim\nUSER 1000:1000\nCMD ["true"]\n' };
    const { told, built } = await climbed([], {}, slim);
    expect([told.outcome, told.ladder, built]).toEqual(['unchanged', [], []]);
  });
});

/** The program that it starts is computed: sources do not say which. */
const unclear = { ...app, 'src/main.ts': "import { spawn } from 'child_process';\nspawn(process.env.TOOL!);\n" };

describe('unknowns', () => {
  it('are assumed with --smallest alone, and last', async () => {
    expect((await climbed([], {}, unclear)).said).toEqual(['proven not-possible undefined', 'same stands node:22']);
    const { told, said } = await climbed([fails(isOnFull)], { prove: 'smallest' }, unclear);
    expect(said.at(-1)).toBe('assumed stands node:22-slim');
    expect(told.ladder.at(-1)).toMatchObject({ against: ['output'], assumed: [expect.stringContaining('src/main.ts:2')] });
  });
  it('take no rights away: a request shows nothing of what a user may not write', async () => {
    const files = {
      ...unclear,
      'src/main.ts': `${unclear['src/main.ts']}import { writeFileSync } from 'fs';\nwriteFileSync(process.env.OUT!, 'x');\n`,
    };
    const { told, said } = await climbed([fails(isOnFull)], { prove: 'smallest' }, files);
    expect([said.at(-1), told.after]).toEqual(['assumed stands node:22-slim', expect.not.stringContaining('USER')]);
    const inPlace = await climbed([fails((text) => isSplit(text) || onSlim(text))], { prove: 'smallest' }, files);
    expect([inPlace.said.at(-1), inPlace.told.after]).toEqual(['in-place stands node:22', expect.not.stringContaining('USER')]);
    expect((await climbed([], { refactor: { level: 'max' } }, files)).told.after).toContain('USER');
  });
  it('are not assumed where nothing would show that they are wrong', async () => {
    const broken: Toy = { code: 1, stderr: 'Error: no database\n' };
    for (const options of [{ prove: 'smallest' as const }, { refactor: { level: 'max' as const } }]) {
      const other = { when: isOnFull, code: 3 };
      const { told, said } = await climbed([broken, other], options, unclear);
      expect(said.join()).not.toMatch(/assumed (?:stands|failed)/);
      expect(told.ladder.find(({ rung }) => rung === 'assumed')?.reason).toContain('would show that an assumption is wrong');
    }
    expect((await climbed([], { refactor: { level: 'max' } }, unclear)).said).toEqual(['assumed stands node:22-slim']);
  });
});

describe('mending', () => {
  const zone = '/usr/share/zoneinfo/UTC';
  const names = (what: string, lacking: (text: string) => boolean, says: string): Toy => ({
    when: (text) => text !== app.Dockerfile && (what === '' || onSlim(text)),
    code: (text) => (lacking(text) ? 1 : 0),
    stderr: (text) => (lacking(text) ? says : ''),
  });
  const onFull = (...base: ReturnType<typeof file>[]): Toy => ({ when: (text) => !onSlim(text), base });

  it('keeps a file that a failure names', async () => {
    const lacking = (text: string): boolean => !text.includes(`COPY --from=builder ${zone} ${zone}`);
    const toy = names('slim', lacking, `Error: ENOENT: no such file or directory, open '${zone}'\n`);
    const { told, said } = await climbed([onFull(file(zone.slice(1))), toy]);
    expect([told.outcome, said]).toEqual(['verified', ['proven stands node:22-slim']]);
    expect(told.ladder[0]?.mended).toEqual([`${zone}: a candidate said: file not found (${zone})`]);
    expect(told.after).toContain(`COPY --from=builder ${zone} ${zone}\n`);
  });
  it('installs the package of a library that a failure names', async () => {
    const path = '/usr/lib/x86_64-linux-gnu/libpq.so.5';
    const list = file('var/lib/dpkg/info/libpq5:amd64.list', `/.\n${path}\n`);
    const lacking = (text: string): boolean => !/apt-get install [^\n]*\blibpq5\b/.test(text.replace(/\\\n/g, ' '));
    const toy = names('slim', lacking, 'error while loading shared libraries: libpq.so.5: cannot open shared object file\n');
    const { told, said } = await climbed([
      { base: [file('usr/bin/apt-get')] },
      onFull(file('usr/bin/apt-get'), file(path.slice(1)), list),
      toy,
    ]);
    expect(said).toEqual(['proven stands node:22-slim']);
    expect(told.ladder[0]?.mended).toEqual([expect.stringMatching(/^libpq5: .*libpq\.so\.5.*, of libpq5$/)]);
  });
  it('ends after five rounds, and where nothing new is named', async () => {
    const files = Array.from({ length: 9 }, (_, i) => `/opt/data/${i}`);
    const missing = (text: string): string | undefined => files.find((path) => !text.includes(`COPY --from=builder ${path} `));
    const toy: Toy = {
      when: onSlim,
      code: 1,
      stderr: (text) => `Error: ENOENT: no such file or directory, open '${missing(text)}'\n`,
    };
    const { told, built } = await climbed([onFull(...files.map((path) => file(path.slice(1)))), toy]);
    expect(told.ladder[0]).toMatchObject({ outcome: 'failed', mended: { length: 5 } });
    expect(Math.max(...built.map((text) => text.match(/=builder \/opt/g)?.length ?? 0))).toBe(5);
  });
  it('keeps nothing that the original does not have either', async () => {
    const toy: Toy = { when: onSlim, code: 1, stderr: "Error: ENOENT: no such file or directory, open '/nowhere'\n" };
    expect((await climbed([toy])).told.ladder[0]).toMatchObject({ outcome: 'failed', mended: [] });
  });
});
