// Room: cli/. How far a run is: a line that changes on a terminal, plain lines now and then elsewhere.
import type { Progress } from '../../bulk/report/types.ts';
import type { Output } from '../world.ts';

export interface ProgressLine {
  show(progress: Progress): void;
  end(): void;
}

/** Milliseconds between two lines. */
const onTerminal = 100;
const inLog = 10_000;

/** Tells the progress on a stream; nothing with --quiet. */
export function progressOn(stream: Output, { quiet }: { quiet?: true }): ProgressLine {
  const started = Date.now();
  let last = 0;
  let shown = '';
  if (quiet) return { show: () => undefined, end: () => undefined };
  return {
    show(progress) {
      const now = Date.now();
      if (now - last < (stream.isTTY ? onTerminal : inLog)) return;
      // In a log the first line comes after the first interval: short runs have none.
      const first = last === 0;
      last = now;
      if (!stream.isTTY && first) return;
      shown = lineOf(progress, now - started);
      stream.write(stream.isTTY ? `\r\u001b[K${shown}` : `${shown}\n`);
    },
    end() {
      if (stream.isTTY && shown !== '') stream.write('\r\u001b[K');
      shown = '';
    },
  };
}

function lineOf({ phase, done, total, outcomes, waitsUntil }: Progress, elapsed: number): string {
  const rate = done / Math.max(elapsed / 1000, 0.001);
  const left = total === undefined || rate === 0 ? '' : `, ${duration((total - done) / rate)} left`;
  const told = Object.entries(outcomes).map(([state, count]) => `${count} ${state}`);
  const waiting =
    waitsUntil !== undefined && waitsUntil > Date.now() ? `, the forge asks to wait ${duration((waitsUntil - Date.now()) / 1000)}` : '';
  return `${phase}: ${done}${total === undefined ? '' : `/${total}`}, ${rate.toFixed(1)}/s${left}${waiting}${told.length > 0 ? ` (${told.join(', ')})` : ''}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
