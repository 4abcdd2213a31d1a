// Room: verify/report/. What `verify` is doing, on the error stream: a line for each step; on a terminal its seconds tick, with the build's last line below.
import type { ProgressEvent } from '../types.ts';
import { coloured, plain } from '../../report/colour.ts';
import { secondsText } from '../../report/quantity.ts';
import { visible } from '../../report/visible.ts';

/** Where it is written. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}
export interface ProgressOptions {
  colour: 'always' | 'never';
  /** Milliseconds of a clock that only goes forward; another one in tests. */
  now?: () => number;
}
export interface Progress {
  tell(event: ProgressEvent): void;
  /** Leaves the screen as it is to stay; nothing ticks after that. Safe to call twice. */
  end(): void;
}

const tick = 1000;

/** Tells what happens; a terminal is drawn over, anything else gets plain lines. */
export function progress(screen: Screen, options: ProgressOptions): Progress {
  return screen.isTTY === true ? ticking(screen, options) : lines(screen, options);
}

interface Running {
  text: string;
  since: number;
}

function lines(screen: Screen, { now = () => performance.now() }: ProgressOptions): Progress {
  const started = now();
  let running: Running | undefined;
  const stamp = (): string => `[${clock(now() - started)}]`;
  return {
    tell(event) {
      if (event.kind === 'step') {
        if (running) screen.write(`${stamp()} ${visible(running.text)}: done${took(running, now())}\n`);
        running = { text: event.text, since: now() };
        screen.write(`${stamp()} ${visible(event.text)} …\n`);
      }
      if (event.kind === 'done') {
        screen.write(`${stamp()} ${visible(event.text || (running?.text ?? ''))}${took(running, now())}\n`);
        running = undefined;
      }
    },
    end() {
      if (running) screen.write(`${stamp()} ${visible(running.text)}: ended${took(running, now())}\n`);
      running = undefined;
    },
  };
}

function ticking(screen: Screen, { colour, now = () => performance.now() }: ProgressOptions): Progress {
  const palette = colour === 'always' ? coloured : plain;
  let running: Running | undefined;
  let last = '';
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;
  // One cell is left free: a full line would wrap on some terminals, and be erased by half.
  const fit = (text: string): string =>
    [...visible(text).replaceAll('\t', ' ')].slice(0, Math.max(20, (screen.columns ?? 80) - 1)).join('');
  // Cursor up, erase line: ECMA-48 CUU and EL.
  const erase = (): string => '\u001b[1A\u001b[2K'.repeat(drawn);
  const draw = (): void => {
    if (!running) return;
    const head = fit(`… ${running.text} (${clock(now() - running.since)})`);
    const shown = last === '' ? [head] : [head, palette.dim(fit(`  ${last}`))];
    screen.write(`${erase()}${shown.map((line) => `${line}\n`).join('')}`);
    drawn = shown.length;
  };
  const finish = (text: string, mark: string): void => {
    const line = `${mark} ${fit(`${text}${took(running, now())}`)}`;
    screen.write(`${erase()}${line}\n`);
    drawn = 0;
    running = undefined;
    last = '';
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    tell(event) {
      if (event.kind === 'line') {
        last = event.text;
        return;
      }
      if (event.kind === 'done') {
        finish(event.text || (running?.text ?? ''), palette.green('✓'));
        stop();
        return;
      }
      if (running) finish(running.text, palette.green('✓'));
      running = { text: event.text, since: now() };
      draw();
      timer ??= setInterval(draw, tick);
      timer.unref();
    },
    end() {
      stop();
      if (running) finish(running.text, palette.yellow('–'));
    },
  };
}

const took = (running: Running | undefined, now: number): string => (running ? ` (${secondsText((now - running.since) / 1000)})` : '');

/** `0:07`, `12:34`, `1:02:03`. */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part));
  return h === '0' ? `${m}:${s?.padStart(2, '0')}` : `${h}:${m?.padStart(2, '0')}:${s?.padStart(2, '0')}`;
}
