// Other programs: how they end is told, whatever they do.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../src/process/run.ts';

const node = (code: string, options = {}): ReturnType<typeof runProgram> => runProgram(process.execPath, ['-e', code], options);

describe('runProgram', () => {
  it('tells exit code and output', async () => {
    expect(await node('console.log("out"); console.error("err"); process.exit(3)')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      stopped: undefined,
    });
  });
  it('tells that there is no such program', async () => {
    expect(await runProgram('no-such-program-here', [])).toMatchObject({ code: undefined, stopped: 'not-found' });
  });
  it('ends what takes too long', async () => {
    expect(await node('setInterval(() => {}, 1000)', { timeout: 300 })).toMatchObject({ code: undefined, stopped: 'timeout' });
  });
  it('ends what is aborted', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    expect(await node('setInterval(() => {}, 1000)', { signal: abort.signal })).toMatchObject({ stopped: 'aborted' });
  });
  it('ends what the program started, too, where that is asked for', async () => {
    // The child holds the output open for longer than the test may last.
    const ran = await runProgram('sh', ['-c', 'sleep 90 & wait'], { timeout: 300, children: 'ended' });
    expect(ran).toMatchObject({ code: undefined, stopped: 'timeout' });
  });
  it('ends what writes too much', async () => {
    expect(await runProgram('yes', [], { maxBytes: 1e6 })).toMatchObject({ stopped: 'too-much-output' });
  });
  it('hands over lines as they come and keeps the last ones', async () => {
    const lines: string[] = [];
    const ran = await node('for (let i = 0; i < 1000; i++) console.log("line " + i)', {
      onLine: (l: string) => lines.push(l),
      maxBytes: 50,
    });
    expect(lines).toHaveLength(1000);
    expect(ran.stdout).toBe('line 995\nline 996\nline 997\nline 998\nline 999\n');
    expect(ran.code).toBe(0);
  });
  it('gives the program what it is told to, and nothing else', async () => {
    expect((await node('process.stdin.pipe(process.stdout)', { input: 'hello' })).stdout).toBe('hello');
    expect((await node('process.stdout.write(Object.keys(process.env).sort().join())', { env: { ONLY: '1' } })).stdout).toBe('ONLY');
  });
});
