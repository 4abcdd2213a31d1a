// Room: report/. Bytes, seconds and changes as people read them.

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Three digits that count, in decimal units, as registries and `docker images` show them: `1.19 GB`. */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : digits(value)} ${units[unit]}`;
}

/** `0.4 s`, `41.9 s`, `5 min 12 s`, `1 h 2 min`. */
export function secondsText(seconds: number): string {
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `1 234 567` with narrow spaces (ISO 80000-1). */
export const countText = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, '\u202f');

/** `−80 %`, `+9 %`, `same`; undefined when there is nothing to compare with. */
export function changeText(before: number, after: number): string | undefined {
  if (before === after) return 'same';
  if (before === 0) return undefined;
  const percent = (after / before - 1) * 100;
  const size = Math.abs(percent);
  // 99.97 is not 100: it says that nothing is left.
  const fine = size < 10 || (size > 99 && size < 100);
  const rounded = size < 0.1 ? '<0.1' : fine ? String(Math.round(Math.min(size, 99.9) * 10) / 10) : size.toFixed(0);
  return `${percent < 0 ? '−' : '+'}${rounded} %`;
}

function digits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
