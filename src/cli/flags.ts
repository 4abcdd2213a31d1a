// Room: cli/. The flags of the main command as commander gives them.
import type { BaseChoice, LevelName } from '../types.ts';
import type { EngineName, MeasureDepth } from '../verify/types.ts';

export type Format = 'pretty' | 'diff' | 'json' | 'sarif' | 'github' | 'gitlab' | 'markdown';

/** Of verification: for `verify`, and for `--verify`. */
export interface VerifyFlags {
  verify?: true;
  smallest?: true;
  prove?: 'slim' | 'same';
  engine?: EngineName;
  buildArg?: string[];
  target?: string;
  platform?: string;
  timeout?: number;
  probe?: string[];
  run?: string[];
  smoke?: string;
  env?: string[];
  startTimeout?: number;
  memory?: string;
  cpus?: string;
  pidsLimit?: number;
  measure?: MeasureDepth;
  edit?: string;
  since?: string;
  keep?: true;
  html?: string;
}

/** Of `observe`. */
export interface ObserveFlags {
  /** False: the image is not run. */
  start?: boolean;
}

export interface Flags extends VerifyFlags {
  dryRun?: true;
  check?: true;
  only?: string[];
  skip?: string[];
  /** Undefined: what the configuration says, or the preset. */
  level?: LevelName;
  base?: BaseChoice;
  context?: string;
  imageFacts?: string;
  format: Format;
  interactive?: true;
  explain?: true;
  report?: string;
  printConfig?: true;
  stdinFilename?: string;
  quiet?: true;
  color: boolean;
  debug?: true;
}
