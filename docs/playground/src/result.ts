// What became of the Dockerfile: tables, reasons, what was left, and the whole text.
import { visible, visibleLines } from '../../../src/report/visible.ts';
import type { Applied, Skipped } from '../../../src/index.ts';
import type { Line, Row } from '../../../src/report/side-by-side.ts';
import { el, sentence } from './dom.ts';
import type { Answer, ChangedFile } from './types.ts';

/** One sentence for the status line, which screen readers read out. */
export function statusOf(answer: Answer): string {
  if (answer.kind === 'wrong') return `Line ${answer.line}: ${visible(answer.message)}`;
  if (answer.kind === 'crashed') return `This should not happen: ${visible(answer.message)}`;
  const { applied, skipped } = answer.result;
  const left = skipped.length === 0 ? '' : `, ${skipped.length} left with a reason`;
  const done = answer.changed.length === 0 ? 'Nothing to change' : `${counted(applied.length, 'transform')} applied`;
  return `${done}${left} (${answer.milliseconds} ms)`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The elements below the status line. */
export function resultOf(answer: Answer): Node[] {
  if (answer.kind === 'wrong') return answer.hint === undefined ? [] : [el('p', {}, ...sentence(answer.hint))];
  if (answer.kind === 'crashed') return [];
  const { applied, skipped, notes, output } = answer.result;
  return [
    ...answer.changed.map(table),
    ...section('What changed, and why', applied.map(change)),
    ...section('What was left, and what would allow it', skipped.map(left)),
    ...section(
      'Worth knowing',
      notes.map((note) => item(link(`messages.html#${note.id}`, note.id), note.message, note.line)),
    ),
    ...(answer.changed.length === 0 ? [] : [whole(output)]),
  ];
}

function section(title: string, items: HTMLElement[]): Node[] {
  return items.length === 0 ? [] : [el('h3', {}, title), el('ul', { class: 'reasons' }, items)];
}

const link = (to: string, text: string): HTMLElement => el('a', { href: `../${to}` }, el('code', {}, visible(text)));

function item(head: Node, text: string, line: number | undefined, ...more: Node[]): HTMLElement {
  const at = line === undefined ? '' : `line ${line}: `;
  return el('li', {}, head, ' ', at, sentence(text), more);
}

function change({ transform, safety, why, evidence }: Applied): HTMLElement {
  const proofs = evidence.map(({ file, line, says }) =>
    el('li', {}, el('code', {}, visible(file), line === undefined ? '' : `:${line}`), ' ', sentence(says)),
  );
  const shown = proofs.length > 0 && el('details', {}, el('summary', {}, `Evidence (${proofs.length})`), el('ul', {}, proofs));
  const marked = el('span', { class: `safety ${safety}` }, safety);
  return el('li', {}, link(`transforms.html#${transform}`, transform), ' ', marked, ' ', sentence(why), shown);
}

function left({ transform, reason, message, line, allow, evidence = [] }: Skipped): HTMLElement {
  // There is no command line here to name a directory on.
  const advice = reason === 'context-ambiguous' ? 'Add the files around the Dockerfile.' : allow;
  const proofs = evidence.map(({ file, line: at, says }) =>
    el('li', {}, el('code', {}, visible(file), at === undefined ? '' : `:${at}`), ' ', sentence(says)),
  );
  return item(
    link(`transforms.html#${transform}`, transform),
    message,
    line,
    el(
      'span',
      { class: 'note' },
      advice === undefined ? '' : 'To allow it: ',
      sentence(advice ?? ''),
      ' ',
      link(`messages.html#${reason}`, reason),
    ),
    ...(proofs.length === 0 ? [] : [el('details', {}, el('summary', {}, `Evidence (${proofs.length})`), el('ul', {}, proofs))]),
  );
}

function whole(text: string): HTMLElement {
  const attributes = { tabindex: '0', role: 'region', 'aria-label': 'The new Dockerfile' };
  return el('details', { class: 'whole' }, el('summary', {}, 'The whole Dockerfile'), el('pre', attributes, visibleLines(text)));
}

/** As the tables of `--report`: the same classes, the same style. */
function table({ path, isNew, rows }: ChangedFile): HTMLElement {
  const head = (side: 'before' | 'after'): HTMLElement[] => [
    el('th', { scope: 'col', role: 'columnheader', class: `n ${side}` }, el('span', { class: 'aside' }, 'line')),
    el('th', { scope: 'col', role: 'columnheader', class: side }, side),
  ];
  return el(
    'table',
    { class: `diff${isNew ? ' new' : ''}`, role: 'table' },
    el('caption', {}, el('code', {}, visible(path)), isNew ? ' (new)' : ''),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, head('before'), head('after'))),
    el(
      'tbody',
      { role: 'rowgroup' },
      rows.map((row) =>
        el('tr', { role: 'row', class: row.kind }, cells(row.before, row.kind, 'before'), cells(row.after, row.kind, 'after')),
      ),
    ),
  );
}

function cells(line: Line | undefined, kind: Row['kind'], side: 'before' | 'after'): HTMLElement[] {
  if (!line) return [el('td', { role: 'cell', class: `n none ${side}` }), el('td', { role: 'cell', class: `none ${side}` })];
  const sign = kind === 'same' ? '' : side === 'before' ? '−' : '+';
  const parts = line.parts.map(({ text, changed }) => (changed ? el('b', {}, visible(text)) : visible(text)));
  return [
    el('td', { role: 'cell', class: `n ${side}` }, line.number),
    el('td', { role: 'cell', class: side }, el('span', { class: 'sign' }, sign), parts),
  ];
}
