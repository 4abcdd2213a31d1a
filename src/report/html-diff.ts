// Room: verify/report/. The page of `verify`: texts before and after, side by side in one table, so that wrapped lines stay beside each other.
import { html, type Markup } from './html.ts';
import { sideBySide, type Line, type Row } from './side-by-side.ts';
import { visible } from './visible.ts';

/** A file before and after as a table; a new file has no text before. */
export function diffTable(path: string, before: string | undefined, after: string): Markup {
  const rows = sideBySide(before ?? '', after);
  const name = visible(path);
  return html`<table class="diff${before === undefined ? ' new' : ''}" role="table">
    <caption>
      <code>${name}</code
      >${before === undefined ? ' (new)' : before === after ? ' (unchanged)' : ''}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader" class="n before"><span class="aside">line</span></th>
        <th scope="col" role="columnheader" class="before">before</th>
        <th scope="col" role="columnheader" class="n"><span class="aside">line</span></th>
        <th scope="col" role="columnheader">after</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(rowOf)}
    </tbody>
  </table>`;
}

const rowOf = (row: Row): Markup =>
  html`<tr role="row" class="${row.kind}">
    ${cells(row.before, row.kind, 'before')}${cells(row.after, row.kind, 'after')}
  </tr>`;

function cells(line: Line | undefined, kind: Row['kind'], side: 'before' | 'after'): Markup {
  if (!line)
    return html`<td role="cell" class="n none ${side}"></td>
      <td role="cell" class="none ${side}"></td>`;
  const sign = kind === 'same' ? '' : side === 'before' ? '−' : '+';
  const parts = line.parts.map(({ text, changed }) => (changed ? html`<b>${visible(text)}</b>` : visible(text)));
  return html`<td role="cell" class="n ${side}">${line.number}</td>
    <td role="cell" class="${side}"><span class="sign">${sign}</span>${parts}</td>`;
}
