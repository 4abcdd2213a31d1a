// Room: ecosystems/rust. What programs of Rust's toolchain do, as rows.
import { tree } from '../../effects/places.ts';
import type { Row } from '../../effects/types.ts';

const VERBS: ReadonlySet<string> = new Set('target component toolchain default update show set override install self'.split(' '));

export const rustRows: readonly Row[] = [
  {
    programs: 'rustup',
    source: 'https://rust-lang.github.io/rustup: RUSTUP_HOME and CARGO_HOME, which the rust images set below /usr/local',
    tell: ({ args }) =>
      VERBS.has(args.find((word) => word.value?.startsWith('-') === false)?.value ?? '')
        ? {
            does: { kind: 'configure', tool: 'rustup', brings: ['cargo', 'rustc'] },
            writes: { known: [tree('/usr/local/rustup'), tree('/usr/local/cargo')] },
          }
        : undefined,
  },
];
