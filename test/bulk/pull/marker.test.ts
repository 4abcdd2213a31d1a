// The marker and what stands around our part of a body.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMarker, writeMarker } from '../../../src/bulk/pull/marker.ts';
import { pullText } from '../../../src/bulk/pull/text.ts';
import type { Marker } from '../../../src/bulk/pull/types.ts';
import { core } from '../../../src/checkout/core.ts';
import { sampleInput, samplePlan, sampleReport } from './sample.ts';

const text = pullText(core);
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 64 });
const marker: fc.Arbitrary<Marker> = fc.record({
  v: fc.constant(1 as const),
  campaign: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
  toolVersion: fc.constantFrom('0.1.0', '1.0.0-rc.1+build'),
  specHash: hash.map((hex) => `sha256:${hex}`),
  base: hash,
  head: fc.option(hash, { nil: undefined }),
  diffHash: hash,
  bodyHash: hash,
});

const rendered = await text.render(sampleInput(samplePlan([sampleReport()])));
const changed = await text.render(
  sampleInput({ ...samplePlan([sampleReport('Dockerfile')]), base: { branch: 'main', sha: 'e'.repeat(40) } }),
);

describe('the marker', () => {
  it('is read back, whatever stands around it', () => {
    fc.assert(
      fc.property(marker, fc.string(), fc.string(), (one, before, after) => {
        expect(readMarker(`${before}\n${writeMarker(one)}${after}`)).toEqual(one);
      }),
    );
  });

  it('never throws, and takes nothing that is not its form', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (json) => {
        const encoded = Buffer.from(json).toString('base64url');
        expect(readMarker(`<!-- dockerfile-mod:v1 ${encoded} -->`)).toBeUndefined();
      }),
    );
    const own = { v: 1, campaign: '../x', toolVersion: '1', specHash: 'ab', base: 'x', diffHash: 'y', bodyHash: 'z' };
    expect(readMarker(`<!-- dockerfile-mod:v1 ${Buffer.from(JSON.stringify(own)).toString('base64url')} -->`)).toBeUndefined();
    expect(readMarker(`<!-- dockerfile-mod:v1 ${'A'.repeat(5000)} -->`)).toBeUndefined();
  });
});

describe('a body that people wrote around', () => {
  it('keeps their words, and replaces ours and the marker', () => {
    const current = { title: rendered.title, body: `Please look at this.\n\n${rendered.body}\nThanks!` };
    const merged = text.merge(current, changed);
    expect(merged?.body.startsWith('Please look at this.\n\n<!-- dockerfile-mod:begin -->')).toBe(true);
    expect(merged?.body.endsWith('-->\n\nThanks!')).toBe(true);
    expect(merged?.body).toContain('### `Dockerfile`');
    expect(merged?.body).not.toContain('services/api');
    expect(readMarker(merged?.body ?? '')?.bodyHash).toBe(changed.bodyHash);
  });

  it('line ends, ticks, blanks at line ends and a draft prefix are no change of ours', () => {
    const body = rendered.body.replace('- [ ]', '- [X]').replaceAll('\n', '  \r\n');
    expect(text.merge({ title: `Draft: ${rendered.title}`, body }, changed)?.title).toBe(`Draft: ${changed.title}`);
  });

  it.each([
    ['our part was edited', { title: rendered.title, body: rendered.body.replace('This rewrites', 'This breaks') }],
    ['the title was edited', { title: 'Docker: slim image', body: rendered.body }],
    ['the marks are gone', { title: rendered.title, body: rendered.body.replace('<!-- dockerfile-mod:begin -->', '') }],
    ['the marker is gone', { title: rendered.title, body: rendered.body.replace(/<!-- dockerfile-mod:v1.*-->/, '') }],
  ])('is left alone when %s', (_, current) => {
    expect(text.merge(current, changed)).toBeUndefined();
  });

  it('the same text again is the same body', () => {
    expect(text.merge({ title: rendered.title, body: rendered.body }, rendered)).toEqual({ title: rendered.title, body: rendered.body });
  });
});

describe('a text that people changed', () => {
  it('stays theirs; boxes that were obeyed are unticked, and the marker knows the new head', () => {
    const theirs = rendered.body
      .replace('This rewrites', 'This breaks')
      .replace('[ ] <!-- dockerfile-mod:rebase', '[x] <!-- dockerfile-mod:rebase')
      .replace('[ ] <!-- dockerfile-mod:stop', '[X] <!-- dockerfile-mod:stop');
    const current = { title: rendered.title, body: theirs };
    const marked = text.mark(current, changed);
    expect(text.requests(marked.body)).toEqual({ rebase: false, stop: true, handBack: false });
    expect(marked.body).toContain('This breaks');
    expect(readMarker(marked.body)).toEqual({ ...readMarker(changed.body), bodyHash: rendered.bodyHash });
    expect(text.merge(marked, changed)).toBeUndefined();
    expect(text.mark(marked, changed)).toEqual(marked);
  });
});

describe('what is asked for', () => {
  const tick = (name: string): string => rendered.body.replace(`[ ] <!-- dockerfile-mod:${name}`, `[x] <!-- dockerfile-mod:${name}`);
  it('by ticked boxes', () => {
    expect(text.requests(rendered.body)).toEqual({ rebase: false, stop: false, handBack: false });
    expect(text.requests(tick('rebase'))).toEqual({ rebase: true, stop: false, handBack: false });
    expect(text.requests(tick('hand-back'))).toEqual({ rebase: false, stop: false, handBack: true });
    expect(text.requests(tick('stop'))).toEqual({ rebase: false, stop: true, handBack: false });
  });
  it('by a line of its own', () => {
    expect(text.requests('thanks\r\n/dockerfile-mod rebase \r\n')).toEqual({ rebase: true, stop: false, handBack: false });
    expect(text.requests('please /dockerfile-mod stop')).toEqual({ rebase: false, stop: false, handBack: false });
  });
});
