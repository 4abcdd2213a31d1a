// Room: ecosystems/go. Go: the go command.
import { GIT_CHANGES } from '../../knowledge/git-readers.ts';
import type { Ecosystem } from '../door.ts';
import { goFacts } from './facts.ts';
import { goImages } from './images.ts';
import { goIgnored } from './ignored.ts';
import { goManagers } from './managers.ts';
import { goRows } from './rows.ts';
import { splitGo } from './split.ts';

export const go: Ecosystem = {
  id: 'go',
  history: [{ files: /\.go$/, pattern: /^\/\/go:generate\s.*\bgit\b/m, changes: GIT_CHANGES }],
  images: goImages,
  managers: goManagers,
  rows: goRows,
  toolchain: ['go'],
  onOtherImages: true,
  // Go finds zones in $ZONEINFO; its own archive is the same on every Debian and Alpine release. Source: package time, LoadLocation.
  zones: { from: '/usr/local/go/lib/time/zoneinfo.zip', to: '/zoneinfo.zip', variable: 'ZONEINFO' },
  project: goFacts,
  ignored: goIgnored,
  opens: true,
  split: splitGo,
};
