// Room: ecosystems/. Every package manager row, in the order in which a command is tried against them.
import { goManagers } from './go/index.ts';
import { nodeManagers } from './node/index.ts';
import { pythonManagers } from './python/index.ts';
import { rustManagers } from './rust/index.ts';
import { systemManagers } from './system/index.ts';
import type { PackageManager } from './types.ts';

export const managers: readonly PackageManager[] = [...systemManagers, ...nodeManagers, ...pythonManagers, ...goManagers, ...rustManagers];
