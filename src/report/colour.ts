// Room: report/. The few colours of the pretty output; `plain` leaves text as it is.

export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const same = (text: string): string => text;

export const plain: Palette = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

// Select Graphic Rendition codes: ECMA-48, 8.3.117. Each is closed by its own reset, so that they nest.
const paint =
  (open: number, close: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;

export const coloured: Palette = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  cyan: paint(36, 39),
};
