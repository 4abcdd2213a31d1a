// Room: bulk/. Windows of time in which pull requests are opened: `mon-fri 06:00-16:00 UTC`.

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const shape = /^(?:([a-z]{3})(?:-([a-z]{3}))?\s+)?(\d{2}):(\d{2})-(\d{2}):(\d{2})(?:\s+(\S+))?$/i;

export interface Window {
  days: readonly number[];
  /** Minutes since midnight; `until` before `from` passes midnight. */
  from: number;
  until: number;
  zone: string;
}

/** Reads a window; undefined when it is none. The zone is an IANA name, UTC unless told. */
export function parseWindow(text: string): Window | undefined {
  const match = shape.exec(text.trim());
  if (!match) return undefined;
  const [, first, last, fromHour, fromMinute, untilHour, untilMinute, zone = 'UTC'] = match;
  const [from, until] = [Number(fromHour) * 60 + Number(fromMinute), Number(untilHour) * 60 + Number(untilMinute)];
  const range = daysOf(first?.toLowerCase(), last?.toLowerCase());
  if (!range || from >= 1440 || until > 1440 || Number(fromMinute) > 59 || Number(untilMinute) > 59 || !isZone(zone)) return undefined;
  return { days: range, from, until, zone };
}

function daysOf(first: string | undefined, last: string | undefined): number[] | undefined {
  if (first === undefined) return [0, 1, 2, 3, 4, 5, 6];
  const [start, end] = [days.indexOf(first), days.indexOf(last ?? first)];
  if (start < 0 || end < 0) return undefined;
  const count = ((end - start + 7) % 7) + 1;
  return Array.from({ length: count }, (_, i) => (start + i) % 7);
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Whether a time (milliseconds since the epoch) lies in one of the windows; no windows: always. Unreadable ones never hold it. */
export function isInWindow(windows: readonly string[], time: number): boolean {
  return windows.length === 0 || windows.some((text) => holds(parseWindow(text), time));
}

function holds(window: Window | undefined, time: number): boolean {
  if (!window) return false;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: window.zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const part = (type: string): string => format.formatToParts(time).find((one) => one.type === type)?.value ?? '';
  const day = days.indexOf(part('weekday').toLowerCase());
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  const { from, until } = window;
  if (from <= until) return window.days.includes(day) && minute >= from && minute < until;
  // Over midnight: the hours after it belong to the day before.
  return (window.days.includes(day) && minute >= from) || (window.days.includes((day + 6) % 7) && minute < until);
}
