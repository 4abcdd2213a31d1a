// Room: base/. Commands of a RUN that stay together.
import type { RunPart } from '../facts/reading.ts';

/** Groups divided by `&&`, `;` and line breaks; a RUN that is no plain list is one. */
export function unitsOf(parts: RunPart[], opaque?: string): RunPart[][] {
  if (opaque !== undefined) return [parts];
  const units: RunPart[][] = [];
  for (const part of parts) {
    const operator = part.command.before?.operator;
    const last = units[units.length - 1];
    if (last && (operator === '|' || operator === '|&' || operator === '||' || operator === '&')) last.push(part);
    else units.push([part]);
  }
  return units;
}
