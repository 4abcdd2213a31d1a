// Room: ecosystems/system. The distributions: apt and apk.
import type { EcosystemFacts } from '../types.ts';
import { systemManagers } from './managers.ts';

export const system: EcosystemFacts = { id: 'system', images: [], managers: systemManagers };
