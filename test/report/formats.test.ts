// The formats for other tools: valid, and what they say to change makes the rewritten file.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { replacementsBetween, type Replacement } from '../../src/report/changes.ts';
import { scratch } from '../cli/scratch.ts';

const dockerfile = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n';
const files = {
  '.git/HEAD': '',
  'api/Dockerfile': dockerfile,
  'api/package.json': '{ "name": "api", "dependencies": {} }\n',
  'api/package-lock.json': '{ "name": "api", "lockfileVersion": 3, "packages": { "": { "name": "api" } } }\n',
  'api/server.js': 'console.log(1)\n',
  'bad/Dockerfile': 'WAT\n',
};

interface Sarif {
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    invocations: { executionSuccessful: boolean; toolExecutionNotifications: unknown[] }[];
    results: {
      ruleId: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; endLine: number } } }[];
      fixes?: { artifactChanges: { artifactLocation: { uri: string }; replacements: SarifReplacement[] }[] }[];
    }[];
  }[];
}
interface SarifReplacement {
  deletedRegion: { startLine: number; startColumn: number; endLine: number; endColumn: number };
  insertedContent?: { text: string };
}

/** The text with the replacements, which are in the order of the lines. */
function applied(text: string, replacements: readonly { from: [number, number]; to: [number, number]; text: string }[]): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ([line, column]: [number, number]): number => Math.min(text.length, (starts[line - 1] ?? text.length) + column - 1);
  return replacements.toReversed().reduce((done, one) => done.slice(0, offset(one.from)) + one.text + done.slice(offset(one.to)), text);
}
const plain = ({ start, end, text }: Replacement): { from: [number, number]; to: [number, number]; text: string } => ({
  from: [start, 1],
  to: [end.line, end.column],
  text,
});

describe('replacements', () => {
  it('make the new text of the old one', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', 'd\r'), { maxLength: 12 })
      .chain((lines) => fc.constantFrom(lines.join('\n'), `${lines.join('\n')}\n`));
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applied(before, replacementsBetween(before, after).map(plain))).toBe(after);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('--format', () => {
  it('sarif is valid, names lines of the original, and its fixes make the result', async () => {
    // Source: the schema as @microsoft/jest-sarif 1.0.0-beta.0 ships it (MIT).
    const {
      $schema: _,
      id: __,
      ...schema
    } = JSON.parse(readFileSync('test/report/sarif-2.1.0.schema.json', 'utf8')) as Record<string, unknown>;
    const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    const at = scratch(files, core);
    const { code, out } = await at.run(['--check', '--format', 'sarif', 'api', 'bad']);
    expect(code).toBe(2);
    const document: Sarif = JSON.parse(out);
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    const [run] = document.runs;
    expect(run?.invocations).toEqual([
      { executionSuccessful: false, toolExecutionNotifications: [expect.objectContaining({ level: 'error' })] },
    ]);
    const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    const results = run?.results ?? [];
    expect(results.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(['copy-order', 'dockerignore']));
    for (const { ruleId, locations, message } of results) {
      expect(ids).toContain(ruleId);
      expect(message.text).not.toBe('');
      const { artifactLocation, region } = locations[0]?.physicalLocation ?? {
        artifactLocation: { uri: '' },
        region: { startLine: 0, endLine: 0 },
      };
      expect(artifactLocation.uri).toBe('api/Dockerfile');
      expect([region.startLine >= 1, region.endLine <= 5, region.endLine >= region.startLine]).toEqual([true, true, true]);
    }
    const changes = new Map(
      results
        .flatMap(({ fixes }) => fixes ?? [])
        .flatMap(({ artifactChanges }) => artifactChanges.map((one) => [JSON.stringify(one), one])),
    );
    const hunks = [...changes.values()].filter(({ artifactLocation }) => artifactLocation.uri === 'api/Dockerfile');
    const replacements = hunks.flatMap(({ replacements: all }) =>
      all.map(({ deletedRegion: d, insertedContent }) => ({
        from: [d.startLine, d.startColumn] as [number, number],
        to: [d.endLine, d.endColumn] as [number, number],
        text: insertedContent?.text ?? '',
      })),
    );
    await at.run(['api']);
    expect(applied(dockerfile, replacements)).toBe(at.read('api/Dockerfile'));
  });

  it('github annotates each hunk, and the error', async () => {
    const { out } = await scratch(files, core).run(['--check', '--format', 'github', 'api', 'bad']);
    const lines = out.trimEnd().split('\n');
    expect(lines.every((line) => /^::(?:warning|error) file=(?:api|bad)\/Dockerfile,line=\d+/.test(line))).toBe(true);
    expect(out).toMatch(/^::warning file=api\/Dockerfile,line=\d+,title=dockerfile-mod%3A .*::.*copy-order: /m);
    expect(out).toMatch(/^::error file=bad\/Dockerfile,line=1,col=1,/m);
  });

  it('gitlab has what its report needs, with fingerprints of their own', async () => {
    const { out } = await scratch(files, core).run(['--check', '--format', 'gitlab', 'api', 'bad']);
    const entries: { fingerprint: string; severity: string; description: string; location: { path: string; lines: { begin: number } } }[] =
      JSON.parse(out);
    expect(new Set(entries.map(({ fingerprint }) => fingerprint)).size).toBe(entries.length);
    expect(entries.map(({ location }) => location.path)).toEqual(expect.arrayContaining(['api/Dockerfile', 'bad/Dockerfile']));
    for (const { severity, description, location } of entries) {
      expect(['info', 'minor', 'major']).toContain(severity);
      expect(description).not.toBe('');
      expect(location.lines.begin).toBeGreaterThanOrEqual(1);
    }
  });

  it('markdown tells the diff, the reasons and the error', async () => {
    const { out } = await scratch(files, core).run(['--check', '--format', 'markdown', 'api', 'bad']);
    expect(out).toMatch(/^## Dockerfiles: 1 file would be rewritten, 1 created, \d+ transforms applied, .*1 file with an error\n/);
    expect(out).toContain('```diff\ndiff --git a/api/Dockerfile b/api/Dockerfile');
    expect(out).toMatch(/### `bad\/Dockerfile`\n\nLine 1: /);
  });

  it.each(['list', 'observe', 'verify'])('%s has forms of its own', async (command) => {
    const ran = await scratch(files).run([command, '--format', 'sarif']);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/pretty or json/);
  });

  it('--report writes a page that stands alone', async () => {
    const at = scratch(files, core);
    expect((await at.run(['--dry-run', '--report', 'out.html', 'api', 'bad'])).code).toBe(2);
    const page = at.read('out.html');
    expect(page).toContain("default-src 'none'");
    expect(page).toMatch(/What changed, and why[\s\S]*<code>copy-order<\/code>/);
    expect(page).toMatch(/<table class="diff"[\s\S]*npm ci/);
    expect(page).toContain('unknown instruction: WAT');
    expect((await at.run(['--dry-run', '--report', 'no/where.html', 'api'])).err).toContain(
      '--report: no/where.html: no such file or directory',
    );
  });
});
