// Room: ecosystems/. Every ecosystem, one line each. Commands are tried against their managers, and images against theirs, in this order.
import type { Ecosystem } from './door.ts';
import { go } from './go/index.ts';
import { java } from './java/index.ts';
import { node } from './node/index.ts';
import { python } from './python/index.ts';
import { rust } from './rust/index.ts';
import { system } from './system/index.ts';

export const ecosystems: readonly Ecosystem[] = [system, node, python, go, rust, java];
