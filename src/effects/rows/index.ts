// Room: effects/rows. Every row of the system, one place for what a program does. Ecosystems bring their own beside these.
import type { Row } from '../types.ts';
import { fetchRows } from './fetch.ts';
import { fileRows } from './files.ts';
import { languageRows } from './languages.ts';
import { makeRows } from './make.ts';
import { serverRows } from './servers.ts';
import { shellRows } from './shell.ts';
import { systemRows as ofSystem } from './system.ts';

export const systemRows: readonly Row[] = [
  ...shellRows,
  ...fileRows,
  ...fetchRows,
  ...ofSystem,
  ...makeRows,
  ...serverRows,
  ...languageRows,
];
