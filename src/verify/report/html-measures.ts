// Room: verify/report/. The page of `verify`: measures as bars with their numbers, layers as a stacked bar with their table.
import type { FileVerification, Layer } from '../types.ts';
import { html, type Content, type Markup } from '../../report/html.ts';
import { bytesText } from '../../report/quantity.ts';
import { isKept } from './json.ts';
import { measureRows, type MeasureRow } from './measures.ts';
import { visible } from '../../report/visible.ts';

/** The table of measures; nothing when nothing was measured. */
export function measuresSection(file: FileVerification): Content {
  const rows = measureRows(file);
  if (rows.length === 0) return undefined;
  return html`<h3>${isKept(file) ? 'Measures' : 'Measures of the rewrite that was not kept'}</h3>
    <table class="measures">
      <thead>
        <tr>
          <th scope="col">measure</th>
          <th scope="col">before and after</th>
          <th scope="col" class="n">change</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(measureRow)}
      </tbody>
    </table>`;
}

function measureRow(row: MeasureRow): Markup {
  const most = row.values ? Math.max(row.values.before, row.values.after) : 0;
  const bar = (side: 'before' | 'after'): Markup =>
    html`<div class="pair">
      <span class="side">${side}</span>${
        row.values && most > 0
          ? html`<span class="track"><span class="bar ${side}" style="width:${share(row.values[side], most)}%"></span></span>`
          : html`<span class="track"></span>`
      }<span class="value">${row[side]}</span>
    </div>`;
  return html`<tr>
    <th scope="row">${row.label}${row.note === undefined ? '' : html`<span class="note">${visible(row.note)}</span>`}</th>
    <td>${row.before === '–' && row.after === '–' ? html`<span class="dim">not measured</span>` : [bar('before'), bar('after')]}</td>
    <td class="n ${tone(row)}">${row.change ?? '–'}</td>
  </tr>`;
}

const tone = ({ values }: MeasureRow): string =>
  values === undefined || values.after === values.before ? 'dim' : values.after < values.before ? 'good' : '';

/** Percent with one digit, never so little that nothing is seen. */
const share = (part: number, of: number): string => (part === 0 ? '0' : Math.max(0.5, (part / of) * 100).toFixed(1));

/** Both images as stacks of layers; nothing when they were not read. */
export function layersSection({ layers, path }: FileVerification): Content {
  if (!layers) return undefined;
  const most = Math.max(total(layers.before), total(layers.after), 1);
  const known = new Set(layers.before.map((layer) => layer.digest));
  const count = Math.max(layers.before.length, layers.after.length);
  return html`<h3>Layers</h3>
    ${stack('before', layers.before, most)}${stack('after', layers.after, most)}
    <details>
      <summary>Every layer</summary>
      <div class="scroll" role="region" aria-label="Every layer, ${visible(path)}" tabindex="0">
        <table class="layers">
          <thead>
            <tr>
              <th scope="col" class="n">layer</th>
              ${['before', 'after'].map(
                (side) =>
                  html`<th scope="col">${side}</th>
                    <th scope="col" class="n">unpacked</th>
                    <th scope="col" class="n">compressed</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${Array.from({ length: count }, (_, i) => {
              const after = layers.after[i];
              return html`<tr>
                <th scope="row" class="n">${i + 1}</th>
                ${layerCells(layers.before[i], '')}${layerCells(after, after && known.has(after.digest) ? ' (shared)' : '')}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </details>`;
}

function stack(side: 'before' | 'after', layers: readonly Layer[], most: number): Markup {
  const sum = bytesText(total(layers));
  const largest = layers
    .map((layer) => layer.bytes)
    .sort((a, b) => b - a)
    .slice(0, 3)
    .map(bytesText);
  const label = `${side}: ${layers.length} layers, ${sum}; the largest are ${largest.join(', ')}`;
  return html`<div class="pair">
    <span class="side">${side}</span
    ><span class="track"
      ><span class="stack ${side}" role="img" aria-label="${label}" style="width:${share(total(layers), most)}%"
        >${layers
          .filter((layer) => layer.bytes > 0)
          .map((layer) => html`<span style="flex-grow:${layer.bytes}" title="${bytesText(layer.bytes)}"></span>`)}</span
      ></span
    ><span class="value">${layers.length} layers, ${sum}</span>
  </div>`;
}

const total = (layers: readonly Layer[]): number => layers.reduce((sum, layer) => sum + layer.bytes, 0);

function layerCells(layer: Layer | undefined, more: string): Markup {
  if (!layer)
    return html`<td></td>
      <td></td>
      <td></td>`;
  const compressed = layer.compressed === undefined ? '–' : bytesText(layer.compressed);
  return html`<td><code>${visible(layer.digest.replace(/^sha256:/, '').slice(0, 12))}</code>${more}</td>
    <td class="n">${bytesText(layer.bytes)}</td>
    <td class="n">${compressed}</td>`;
}
