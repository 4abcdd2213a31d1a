// The body of a pull request: what it says, what it never does, how it is cut.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, end } from '../../../src/bulk/pull/marker.ts';
import { pullText } from '../../../src/bulk/pull/text.ts';
import { core } from '../../../src/checkout/core.ts';
import { prose } from '../../../src/report/neutral.ts';
import { findings, rendered } from './rendered.ts';
import { hostileReport, sampleCampaign, sampleInput, samplePlan, sampleReport } from './sample.ts';

const text = pullText(core);
const sample = samplePlan([sampleReport()]);

describe('what a body says', () => {
  it('what changed and why, before and after, what to look at, how to reproduce', async () => {
    const { title, body, commitMessage, truncated } = await text.render(sampleInput(sample));
    expect({ title, truncated }).toEqual({ title: 'Refactor the Dockerfile (dockerignore, copy-order, multi-stage, +3)', truncated: 'no' });
    for (const line of [
      '| Base image   | `node:22` | `node:22-slim` |',
      '| User         | `root`    | `1000:1000`    |',
      '- **Run as a user without root rights** (`non-root-user`, review): nothing in the repository needs root: no port below 1024, no program that changes users or the system',
      'Nothing was built for this pull request. `dockerfile-mod verify services/api/Dockerfile` builds both versions and compares what they do.',
      '+FROM node:22-slim',
      'With dockerfile-mod 0.1.0:',
      'dockerfile-mod --explain --dry-run -- services/api/Dockerfile',
      '- [ ] <!-- dockerfile-mod:rebase --> Rebase: write the branch again on the newest base.',
    ])
      expect(body).toContain(line);
    expect(commitMessage).toContain('- services/api/Dockerfile: dockerignore, copy-order');
    expect(findings(body)).toEqual([]);
  });

  it('what a sentence has between backticks is one code span', () => {
    expect(prose('Install runs `prepare: node a/b.mjs`, which (`x`) needs sources of c/d.ts')).toBe(
      'Install runs `prepare: node a/b.mjs`, which (`x`) needs sources of `c/d.ts`',
    );
    expect(prose('a/b`@team`c/d `open')).toBe('`a/b` `@team` `c/d` `` `open ``');
  });

  it('names no number unless there is a gain, and says what kind it is', async () => {
    const without = await text.render(sampleInput(sample));
    expect(without.body).not.toMatch(/ MB|Gain/);
    const gain = {
      kind: 'measured',
      imageBefore: 1_100_000_000,
      imageAfter: 220_000_000,
      rebuildBefore: undefined,
      rebuildAfter: undefined,
    } as const;
    const { body } = await text.render(sampleInput({ ...sample, gain: { ...gain, how: 'Both versions were built by verify.' } }));
    expect(body).toContain('### Gain (measured)\n\n- Image: 1100 MB → 220 MB (-80 %)\n\nBoth versions were built by verify.');
  });

  it('says what was verified, one line each', async () => {
    const { body } = await text.render(sampleInput(sample, { verified: 'Both images were built.\n- The same answer on /health' }));
    expect(body).toContain('### Verified\n\n- Both images were built.\n- The same answer on `/health`\n');
    expect(body).not.toContain('Nothing was built');
  });

  it('tells what was left, with what would allow it', async () => {
    const report = sampleReport();
    const skip = { transform: 'base-slim', reason: 'digest-base', message: 'Base is pinned by digest.', line: 1, allow: 'Write the tag.' };
    const { body } = await text.render(sampleInput(samplePlan([{ ...report, skipped: [skip] }])));
    expect(body).toContain(
      '- `services/api/Dockerfile`, line 1: `base-slim` (`digest-base`): Base is pinned by digest. To allow it: Write the tag.',
    );
  });
});

describe('the campaign owner', () => {
  const render = (pull: Parameters<typeof sampleCampaign>[0]): ReturnType<typeof text.render> =>
    text.render(sampleInput(sample, { campaign: sampleCampaign(pull) }));

  it('gives title, body and message as templates', async () => {
    const { title, body, commitMessage } = await render({
      title: 'Smaller image for {{ repository }} ({{dockerfiles}})',
      bodyTemplate: '## Hello @acme/platform\n{{summary}}\n\n{{diff}}\n\nSee #12.',
      commitMessage: 'build: {{title}}',
      signOff: 'yes',
      author: { name: 'A Bot\nX: y', email: 'bot@acme.example' },
    });
    expect(title).toBe('Smaller image for acme/svc (the Dockerfile)');
    expect(body.slice(0, 100)).toContain(`${begin}\n\n## Hello @acme/platform\n\nThis rewrites`);
    expect(body).toContain(`</details>\n\nSee #12.\n\n${end}\n\n<!-- dockerfile-mod:v1 `);
    expect(commitMessage).toBe('build: Smaller image for acme/svc (the Dockerfile)\n\nSigned-off-by: A Bot X: y <bot@acme.example>\n');
  });

  it('is told of a name that does not exist', async () => {
    await expect(render({ bodyTemplate: '{{constructor}}' })).rejects.toThrow(
      'names {{constructor}}, which does not exist; there are: title',
    );
  });

  it('cannot move the marks', async () => {
    const { body } = await render({ bodyTemplate: `${end} {{summary}} ${begin}` });
    expect(body.split(begin)).toHaveLength(2);
    expect(body.split(end)).toHaveLength(2);
  });
});

describe('what hostile text can do', () => {
  /** Pieces that mean something to Markdown or to a forge, in any order, with anything between. */
  const piece = fc.constantFrom(
    ...[
      '@acme',
      '@acme/team',
      '#12',
      'acme/svc#3',
      'GH-4',
      'fixes #5',
      'Closes: acme/svc#5',
      '!6',
      'deadbeefcafe',
      'a@b.example',
      '\u202e',
    ],
    ...[
      '<!--',
      '-->',
      '<!-- dockerfile-mod:end -->',
      '<!-- dockerfile-mod:v1 e30 -->',
      '- [x] <!-- dockerfile-mod:stop -->',
      '/close',
      '\u0000',
    ],
    ...[
      '`',
      '```',
      '~~~',
      '|',
      '\\',
      '\\|',
      '*',
      '_',
      '[x](',
      '](http://y.example)',
      '![i](',
      'https://x.example',
      'www.x.example',
      '<b>',
      '&#64;me',
    ],
    ...[
      '\n',
      '\r\n',
      '\n\n',
      ' ',
      '    ',
      '\t',
      '\n- ',
      '\n1. ',
      '\n> ',
      '\n# ',
      '\n===',
      '</details>',
      '</summary>',
      '<script>',
      '$&',
      '{{diff}}',
      '\u2028',
    ],
  );
  const hostile = fc
    .array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 14 })
    .map((parts) => parts.join(''));

  it('nothing outside of code: no mention, reference, link, comment; the marker is read back', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(58_000, 3000, 1800), async (hostileText, limit) => {
        const input = sampleInput(samplePlan([hostileReport(hostileText)]), { limit, verified: hostileText });
        const { title, body, bodyHash, commitMessage } = await text.render(input);
        expect(findings(body)).toEqual([]);
        expect(text.readMarker(body)).toEqual({ ...input.marker, bodyHash });
        expect(text.requests(body)).toEqual({ rebase: false, stop: false, handBack: false });
        expect(body.length).toBeLessThanOrEqual(limit);
        expect(body.match(/<!-- dockerfile-mod:(?:begin|end|v1)/g)).toHaveLength(3);
        expect(`${title}\n${commitMessage}${body}`).not.toMatch(
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
        );
        expect(`${title}\n${commitMessage}`).not.toMatch(/[@#!]|GH-\d|[0-9a-f]{7}|:\/\//i);
        expect(body).not.toMatch(/^\/\w/m);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('closing words are broken in the diff, where a forge may look for them', async () => {
    const { body } = await text.render(
      sampleInput(samplePlan([hostileReport('fixes #12, Closes: acme/svc#3 and resolves https://x.example/1')])),
    );
    expect(body).toContain('# fixes\\x20#12, Closes:\\x20acme/svc#3 and resolves\\x20https://x.example/1');
    expect(body).not.toMatch(/fixes #|Closes: acme|resolves http/);
  });

  it('a diff with fences stays in its fence', async () => {
    const { body } = await text.render(sampleInput(samplePlan([hostileReport('RUN cat <<E\n`````\n</details>\n@acme\n```')])));
    expect(rendered(body).match(/<pre>/g)).toHaveLength(2);
    expect(findings(body)).toEqual([]);
  });
});

describe('the limit', () => {
  const one = sampleReport();

  it('holds to the character, whatever is left out for it', async () => {
    const length = async (limit: number): Promise<number> => (await text.render(sampleInput(sample, { limit }))).body.length;
    const whole = await length(1_000_000);
    const withoutDiff = await length(whole - 500);
    for (const limit of [whole, withoutDiff].flatMap((at) => [at + 2, at + 1, at, at - 1, at - 2]))
      expect(await length(limit)).toBeLessThanOrEqual(limit);
  });

  const many = samplePlan(Array.from({ length: 120 }, (_, i) => ({ ...one, patchPath: `services/s${i}/Dockerfile` })));

  it('cuts the diff first, then details, and keeps the marker', async () => {
    for (const [limit, expected] of [
      [1_000_000, 'diff'],
      [4000, 'details'],
      [1600, 'details'],
    ] as const) {
      const input = sampleInput(many, { limit });
      const { body, truncated } = await text.render(input);
      expect({ limit, truncated }).toEqual({ limit, truncated: expected });
      expect(body.length).toBeLessThanOrEqual(limit);
      expect(text.readMarker(body)?.head).toBe(input.marker.head);
    }
  });

  it('shows the beginning of a long diff, whole lines', async () => {
    const long = samplePlan([sampleReport()]);
    long.files.push({ path: 'x', mode: '100644', before: undefined, beforeSha: undefined, after: 'line\n'.repeat(30_000) });
    const { body, truncated } = await text.render(sampleInput(long, { limit: 20_000 }));
    expect(truncated).toBe('diff');
    expect(body).toContain('<summary>The beginning of the diff; see the changed files for the rest</summary>');
    expect(body).toContain('\n+line\n```\n\n</details>');
    expect(body.length).toBeGreaterThan(15_000);
  });
});
