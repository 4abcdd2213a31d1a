// Room: bulk/. The text of a pull request: written, found again, and put into what people wrote around it.
import { randomUUID } from 'node:crypto';
import type { Core } from '../../checkout/types.ts';
import { patchOf } from '../../report/diff.ts';
import { fittedDiff } from './fit.ts';
import type { Detail } from './dockerfile-section.ts';
import { begin, bodyHashOf, draftPrefixOf, end, partsOf, readMarker, replaceMarker, writeMarker } from './marker.ts';
import { ownTemplate, sectionsOf } from './sections.ts';
import { commitMessageOf, titleOf } from './subject.ts';
import { fill } from './template.ts';
import type { PullBody, PullBodyInput, PullText } from './types.ts';

/**
 * The text of pull requests. `core` reads the Dockerfiles for the tables. `render` throws TemplateError for a template of the
 * owner that names what does not exist (so that a campaign stops at its first repository, not at each).
 */
export function pullText(core: Pick<Core, 'outline'>): PullText {
  return { render: (input) => render(input, core.outline), readMarker, merge, mark, requests };
}

const details: readonly Detail[] = ['full', 'short', 'least'];

async function render(input: PullBodyInput, outline: Core['outline']): Promise<PullBody> {
  const title = titleOf(input.campaign.options, input.planned);
  const commitMessage = commitMessageOf(input.campaign.options, input.planned, title);
  const patch = patchOf(input.planned.files);
  const marked = (part: string): { part: string; body: string; bodyHash: string } => {
    const bodyHash = bodyHashOf(title, part);
    return { part, body: `${part}\n\n${writeMarker({ ...input.marker, bodyHash })}\n`, bodyHash };
  };
  // Every hash is as long as every other.
  const around = marked(`${begin}\n\n\n\n${end}`).body.length;
  for (const detail of details) {
    const [before, after] = await ownPart(input, title, outline, detail);
    const room = input.limit - around - paragraphs(before, after ?? '').length;
    if (room < 0) continue;
    const diff = after === undefined ? { text: '', cut: 'no' as const } : fittedDiff(patch, room - 2);
    const { body, bodyHash } = marked(paragraphs(begin, before, diff.text, after ?? '', end));
    return { title, body, bodyHash, commitMessage, truncated: detail === 'full' ? diff.cut : 'details' };
  }
  const { body, bodyHash } = marked(`${begin}\n${end}`);
  return { title, body, bodyHash, commitMessage, truncated: 'details' };
}

const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** What stands before and after the diff, as prettier writes it; one text when the template has no diff. The diff itself is not formatted. */
async function ownPart(input: PullBodyInput, title: string, outline: Core['outline'], detail: Detail): Promise<[string, string?]> {
  // Text of a repository cannot name the place, because it cannot know it.
  const place = `DIFF${randomUUID().replaceAll('-', '')}`;
  const sections = { ...sectionsOf(input, title, outline, detail), diff: place };
  const template = detail === 'least' ? shortTemplate : (input.campaign.options.pull.bodyTemplate ?? ownTemplate);
  const [{ format }, markdown] = await Promise.all([import('prettier/standalone'), import('prettier/plugins/markdown')]);
  const text = fill(template, sections).replaceAll(/<!--\s*dockerfile-mod:(?:begin|end|v1)/g, '<!-- ');
  const formatted = await format(text, {
    parser: 'markdown',
    plugins: [markdown],
    proseWrap: 'preserve',
    embeddedLanguageFormatting: 'off',
  });
  const [before = '', ...after] = formatted.split(place);
  return after.length === 0 ? [before.trim()] : [before.trim(), after.join('').trim()];
}

const shortTemplate = '{{summary}}\n\n{{requests}}\n\n{{footer}}';

function merge(current: { title: string; body: string }, next: PullBody): { title: string; body: string } | undefined {
  const parts = partsOf(current.body);
  const marker = readMarker(current.body);
  const own = partsOf(next.body);
  const written = readMarker(next.body);
  if (!parts || !marker || !own || !written) return undefined;
  if (bodyHashOf(current.title, parts.part) !== marker.bodyHash) return undefined;
  const body = replaceMarker(`${parts.before}${own.part}${parts.after}`, writeMarker(written));
  return { title: draftPrefixOf(current.title) + next.title, body };
}

function mark(current: { title: string; body: string }, next: PullBody): { title: string; body: string } {
  const [was, is] = [readMarker(current.body), readMarker(next.body)];
  const body = current.body.replace(obeyed, '$1[ ]$2');
  // The old hash: their text stays known as theirs.
  return { title: current.title, body: was && is ? replaceMarker(body, writeMarker({ ...is, bodyHash: was.bodyHash })) : body };
}

/** Boxes that ask for something once; the one that stops stays ticked. */
const obeyed = /^([ \t]*[-*+] )\[[xX]\]( <!-- dockerfile-mod:(?:rebase|hand-back) -->)/gm;
/** A ticked box of ours. Text of a repository cannot be one: its comments are not written as they are. */
const ticked = /^[ \t]*[-*+] \[[xX]\] <!-- dockerfile-mod:(rebase|hand-back|stop) -->/gm;
/** A line of its own, in a body or in a comment. */
const command = /^[ \t]*\/dockerfile-mod[ \t]+(rebase|hand-back|stop)[ \t]*\r?$/gm;

function requests(body: string): ReturnType<PullText['requests']> {
  const outside = ((parts) => (parts ? `${parts.before}\n${parts.after}` : body))(partsOf(body));
  const asked = new Set([...body.matchAll(ticked), ...outside.matchAll(command)].map((match) => match[1]));
  return { rebase: asked.has('rebase'), stop: asked.has('stop'), handBack: asked.has('hand-back') };
}
