// Room: ecosystems/system. The package manager rows of the distributions: apt, apk.
import type { PackageManager } from '../types.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';

export { aptInstall } from './apt.ts';
export { apkAdd } from './apk.ts';

/** The rows, in the order in which a command is tried against them. */
export const systemManagers: PackageManager[] = [apt, apk];
